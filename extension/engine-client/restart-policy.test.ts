import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy.ts';

describe('RestartPolicy', () => {
  it('waits longer each time, then gives up', () => {
    const policy = new RestartPolicy();
    const decisions = [0, 1, 2, 3].map((second) => policy.crashed(second * 1000, 'idle'));
    expect(decisions).toEqual([
      { kind: 'restart', delayMs: 500, safeMode: false },
      { kind: 'restart', delayMs: 1000, safeMode: true },
      { kind: 'restart', delayMs: 2000, safeMode: true },
      { kind: 'give-up', crashes: 4 },
    ]);
  });

  it('forgets crashes after three minutes', () => {
    const policy = new RestartPolicy();
    policy.crashed(0, 'reading');
    policy.crashed(1000, 'reading');
    expect(policy.crashed(200_000, 'reading')).toEqual({
      kind: 'restart',
      delayMs: 500,
      safeMode: false,
    });
  });

  it('doubts the device only after two crashes in one phase', () => {
    const policy = new RestartPolicy();
    expect(policy.crashed(0, 'loading')).toMatchObject({ safeMode: false });
    expect(policy.crashed(1, 'answering')).toMatchObject({ safeMode: false });
    expect(policy.crashed(2, 'answering')).toMatchObject({ safeMode: true });
  });

  it('tries a model that ends the engine as it is loaded once more, not four times', () => {
    const policy = new RestartPolicy();
    expect(policy.crashed(0, 'loading')).toMatchObject({ kind: 'restart' });
    expect(policy.crashed(1, 'loading')).toEqual({ kind: 'give-up', crashes: 2 });
  });

  it('starts afresh after a reset', () => {
    const policy = new RestartPolicy();
    for (let i = 0; i < 4; i++) policy.crashed(i, 'idle');
    policy.reset();
    expect(policy.crashed(5, 'idle')).toMatchObject({ kind: 'restart', delayMs: 500 });
  });
});
