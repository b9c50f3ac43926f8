/** What ends a command before its time: signals, to it alone and to its whole group. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateRepository } from '../quality/generator/repository.ts';
import { writeRepository } from '../tools/write-repository.ts';
import { loci, program, shell } from './loci.ts';
import { engineOf, expectEnded } from './processes.ts';

const repository = generateRepository({ seed: 23, tokens: 600, questions: 1 });
let parent = '';
let root = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loci-signals-'));
  root = join(parent, repository.name);
  await writeRepository(repository, root);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

/** Arguments for an answer that takes minutes and whose first words come at once. */
const asking = (): string[] => [
  ...['ask', '--repo', root, '--gpu', 'cpu', '--always-answer'],
  ...['--max-tokens', '400', '--temperature', '3'],
  ...Array.from({ length: 200 }, () => ['--question', 'Describe it.']).flat(),
];

const codes = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

describe.skipIf(process.platform === 'win32').each(codes)('%s', (signal, exitCode) => {
  it.each([
    ['the command', false],
    ['its whole group', true],
  ])('to %s ends engine and command, and keeps what was printed', async (_, group) => {
    let engine = 0;
    const { code, stdout, stderr } = await loci(asking(), undefined, {
      detached: group,
      onOutput: (_text, child) => {
        if (engine !== 0) return;
        engine = engineOf(child);
        const pid = child.pid ?? 0;
        process.kill(group ? -pid : pid, signal);
      },
    });
    expect(code).toBe(exitCode);
    expect(stdout).toMatch(/^> Describe it\.\n/u);
    expect(stderr.trim().split('\n').at(-1)).toBe('Cancelled.');
    await expectEnded(engine);
  });

  it('leaves no half-written file in the cache', async () => {
    const cache = await mkdtemp(join(parent, 'cache-'));
    let sent = false;
    const onErrorOutput = (text: string, child: ChildProcess): void => {
      if (sent || !text.includes('Profiling the model')) return;
      sent = true;
      process.kill(-(child.pid ?? 0), signal);
    };
    const { code } = await loci(asking(), onErrorOutput, {
      detached: true,
      env: { LOCI_CACHE_DIR: cache },
    });
    expect({ sent, code }).toEqual({ sent: true, code: exitCode });
    const names = await readdir(cache, { recursive: true });
    expect(names).toContain('addon');
    expect(names.filter((name) => /\.partial$|\.\d+$/u.test(name))).toEqual([]);
  });

  it('ends at once where it comes a second time', async () => {
    let engine = 0;
    let secondAt = 0;
    const { code, stderr } = await loci(asking(), undefined, {
      onOutput: (_text, child) => {
        if (engine !== 0) return;
        engine = engineOf(child);
        // The stopped engine cannot exit, so only the second signal ends the command this soon.
        process.kill(engine, 'SIGSTOP');
        child.kill(signal);
        setTimeout(() => {
          secondAt = performance.now();
          child.kill(signal);
        }, 1_000);
      },
    });
    expect(code).toBe(exitCode);
    expect(secondAt).toBeGreaterThan(0);
    expect(performance.now() - secondAt).toBeLessThan(4_000);
    expect(stderr).not.toContain('Cancelled.');
    await expectEnded(engine);
  });
});

describe.skipIf(process.platform === 'win32')('an engine that hangs', () => {
  it('is ended some seconds after the signal', async () => {
    let engine = 0;
    const { code } = await loci(asking(), undefined, {
      onOutput: (_text, child) => {
        if (engine !== 0) return;
        engine = engineOf(child);
        process.kill(engine, 'SIGSTOP');
        child.kill('SIGTERM');
      },
    });
    expect(code).toBe(143);
    await expectEnded(engine);
  });
});

describe.runIf(process.platform === 'linux')('a terminal that is closed', () => {
  it('hangs the command up', async () => {
    const [screen, result] = [join(parent, 'screen'), join(parent, 'result')];
    const line = [process.execPath, program, ...asking()].map((word) => `'${word}'`).join(' ');
    // The shell in the terminal outlives the command and reports its exit code.
    const within = `trap : HUP; ${line}; echo $? > '${result}'`;
    const { stdout } = await shell(
      `SHELL=$BASH script -qfec "${within}" /dev/null < /dev/null > '${screen}' & terminal=$!
      until grep -q 'Describe it' '${screen}'; do sleep 0.1; done
      kill -KILL $terminal
      until [ -s '${result}' ]; do sleep 0.1; done
      cat '${result}'`.replace('$?', '\\$?'),
    );
    expect(stdout).toBe('129\n');
  });
});
