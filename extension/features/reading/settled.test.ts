import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Settled } from './settled.ts';

it('does the work once, after the last call', async () => {
  let calls = 0;
  let done = 0;
  const settled = new Settled(() => {
    done = calls;
  });
  for (calls = 1; calls <= 5; calls++) {
    settled.call();
    await sleep(20);
  }
  calls = 5;
  expect(done).toBe(0);
  await expect.poll(() => done).toBe(5);
  settled.call();
  settled.dispose();
  calls = 6;
  await sleep(400);
  expect(done).toBe(5);
});
