import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runVisibly } from '../../scripts/support/commands.mjs';
import { inOnePiece } from '../../scripts/support/output.mjs';
import { runInLanes } from '../../scripts/test/lanes.mjs';

/** Runs four slow jobs and returns how many were running when each began. */
async function besides(lanes: number): Promise<number[]> {
  let running = 0;
  return runInLanes([1, 2, 3, 4], lanes, async () => {
    running += 1;
    const now = running;
    await sleep(20);
    running -= 1;
    return now;
  });
}

it('runs as many jobs at once as there are lanes', async () => {
  expect(await besides(1)).toEqual([1, 1, 1, 1]);
  expect(await besides(3)).toEqual([1, 2, 3, 3]);
  expect(await besides(9)).toEqual([1, 2, 3, 4]);
});

it('has the results in the order of the jobs', async () => {
  const waits = [40, 5, 20, 1];
  const done = await runInLanes(waits, 2, async (milliseconds) => {
    await sleep(milliseconds);
    return milliseconds;
  });
  expect(done).toEqual(waits);
});

it('passes a failure on once the job has failed', async () => {
  const failing = runInLanes([1, 2], 2, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
});

it('keeps what commands print apart', async () => {
  const texts: string[] = [];
  const print = (letter: string) => () =>
    runVisibly(process.execPath, [
      '-e',
      `let n = 0; const t = setInterval(() => { console.log('${letter}'); if (++n === 3) clearInterval(t); }, 5);`,
    ]);
  const keep = (text: string): void => {
    texts.push(text);
  };
  const codes = await Promise.all([inOnePiece(print('a'), keep), inOnePiece(print('b'), keep)]);
  expect(codes).toEqual([0, 0]);
  expect(texts.sort()).toEqual(['a\na\na\n', 'b\nb\nb\n']);
});
