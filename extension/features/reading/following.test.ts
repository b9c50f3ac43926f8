import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EngineRequestError } from '../../engine-client/client.ts';
import type { FollowParameters, FollowResult } from '../../protocol/requests/follow.ts';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { Following } from './following.ts';

function result(pending: readonly string[], done = true): FollowResult {
  const followed = {
    filesRead: 1,
    filesForgotten: 0,
    filesRenamed: 0,
    tokensRead: 1,
    tokensForgotten: 0,
    tokensEvened: 0,
    seconds: 1,
    pendingFiles: pending.length,
    pendingSeconds: 90,
  };
  return { followed, opened: done ? openResult({}) : null, pending: [...pending] };
}

interface Asked {
  readonly parameters: FollowParameters;
  readonly end: (end: FollowResult | Error | null) => void;
}

function start(): { following: Following; asked: Asked[]; refused: unknown[] } {
  const asked: Asked[] = [];
  const refused: unknown[] = [];
  const following = new Following({
    follow: (parameters) =>
      new Promise((resolve, reject) => {
        asked.push({
          parameters,
          end: (end) => {
            if (end instanceof Error) reject(end);
            else resolve(end);
          },
        });
      }),
    onChange: () => undefined,
    onRefused: (_, paths) => refused.push(paths),
    quietMs: 20,
    longestMs: 100,
  });
  return { following, asked, refused };
}

const pathsOf = ({ parameters }: Asked): unknown =>
  parameters.paths === null ? null : [...parameters.paths].sort();

async function until(holds: () => boolean): Promise<void> {
  for (let times = 0; times < 500 && !holds(); times++) await sleep(5);
  expect(holds()).toBe(true);
}

it('follows a burst of changes at once, however long it goes on', async () => {
  const { following, asked } = start();
  following.tell(['a']);
  following.tell(['b', 'a']);
  await until(() => asked.length === 1);
  expect(asked.map(pathsOf)).toEqual([['a', 'b']]);
  asked[0]?.end(result([]));
  const begun = performance.now();
  while (asked.length < 2 && performance.now() - begun < 5000) {
    following.tell(['c']);
    await sleep(5);
  }
  expect(asked.slice(1).map(pathsOf)).toEqual([['c']]);
  following.dispose();
});

it('has one following at a time, and the next one has what came meanwhile', async () => {
  const { following, asked } = start();
  following.tell(['a']);
  await until(() => asked.length === 1);
  following.tell(['b']);
  await sleep(60);
  expect(asked).toHaveLength(1);
  asked[0]?.end(result([]));
  await until(() => asked.length === 2);
  expect(asked.map(pathsOf)).toEqual([['a'], ['b']]);
  following.dispose();
});

it('counts what is left, and looks at it again with the next change', async () => {
  const { following, asked } = start();
  following.tell(['a']);
  await until(() => asked.length === 1);
  asked[0]?.end(result(['a', 'b'], false));
  await until(() => following.pending.length === 2);
  following.tell(['c']);
  await until(() => asked.length === 2);
  expect(asked.map(pathsOf)).toEqual([['a'], ['a', 'c']]);
  asked[1]?.end(result([]));
  await until(() => following.pending.length === 0);
  following.tell(null);
  following.tell(['d']);
  await until(() => asked.length === 3);
  expect(asked.map(pathsOf)).toEqual([['a'], ['a', 'c'], null]);
  following.dispose();
});

it('keeps what a cancelled following had, and gives a refused one up', async () => {
  const { following, asked, refused } = start();
  following.tell(['a']);
  await until(() => asked.length === 1);
  asked[0]?.end(new EngineRequestError('cancelled', 'Cancelled.'));
  await sleep(40);
  following.tell(['b']);
  await until(() => asked.length === 2);
  expect(asked.map(pathsOf)).toEqual([['a'], ['a', 'b']]);
  asked[1]?.end(new EngineRequestError('model-unsupported', 'It cannot forget.'));
  await until(() => refused.length === 1);
  expect(refused).toEqual([new Set(['a', 'b'])]);
  following.dispose();
});

it('forgets what was told of another memory', async () => {
  const { following, asked } = start();
  following.tell(['a']);
  following.reset();
  await sleep(60);
  expect(asked).toEqual([]);
  const all = following.followAll(new AbortController().signal);
  expect(asked.map(({ parameters }) => parameters)).toEqual([{ paths: null, always: true }]);
  asked[0]?.end(result([]));
  expect(await all).toBe(true);
});
