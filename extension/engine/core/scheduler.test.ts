import { describe, expect, it } from 'vitest';
import { cancelled, isCancellation } from './errors.ts';
import { Scheduler } from './scheduler.ts';

const never = new AbortController().signal;

/** A promise and the means to settle it. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'fulfilled';
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : String(error);
  }
}

describe('Scheduler', () => {
  it('runs one job at a time, the most urgent first, equals in order', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const first = deferred();
    const blocker = scheduler.schedule('chat', never, () => first.promise);
    const job = (name: string) => () => {
      order.push(name);
      return Promise.resolve(name);
    };
    const jobs = [
      scheduler.schedule('ingestion', never, job('ingestion')),
      scheduler.schedule('chat', never, job('chat 1')),
      scheduler.schedule('chat', never, job('chat 2')),
      scheduler.schedule('completion', never, job('completion')),
    ];
    expect(order).toEqual([]);
    first.resolve();
    await blocker;
    expect(await Promise.all(jobs)).toEqual(['ingestion', 'chat 1', 'chat 2', 'completion']);
    expect(order).toEqual(['completion', 'chat 1', 'chat 2', 'ingestion']);
  });

  it('lets urgent jobs in where a long one yields, and only there', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const ingestion = scheduler.schedule('ingestion', never, async (turn) => {
      for (const step of ['a', 'b', 'c']) {
        order.push(`${step} begins`);
        if (step === 'b') {
          void scheduler.schedule('chat', never, async (inner) => {
            order.push('chat');
            // Only completions are above chat, and none waits.
            await inner.yield();
            order.push('chat ends');
          });
          void scheduler.schedule('ingestion', never, () => {
            order.push('other ingestion');
            return Promise.resolve();
          });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        order.push(`${step} ends`);
        await turn.yield();
      }
    });
    await ingestion;
    await scheduler.schedule('ingestion', never, () => Promise.resolve());
    expect(order).toEqual([
      'a begins',
      'a ends',
      'b begins',
      'b ends',
      'chat',
      'chat ends',
      'c begins',
      'c ends',
      'other ingestion',
    ]);
  });

  it('cancels older completions, waiting and running, for a newer one', async () => {
    const scheduler = new Scheduler();
    const started = deferred();
    const running = scheduler.schedule('completion', never, async (turn) => {
      started.resolve();
      await new Promise((_, reject) => {
        turn.signal.addEventListener('abort', () => {
          reject(new DOMException('stopped', 'AbortError'));
        });
      });
    });
    const chat = scheduler.schedule('chat', never, () => Promise.resolve('chat'));
    await started.promise;
    let waitingRan = false;
    const waiting = scheduler.schedule('completion', never, () => {
      waitingRan = true;
      return Promise.resolve();
    });
    const newest = scheduler.schedule('completion', never, () => Promise.resolve('newest'));
    expect(await codeOf(running)).toBe('cancelled');
    expect(await codeOf(waiting)).toBe('cancelled');
    expect(await newest).toBe('newest');
    expect(await chat).toBe('chat');
    expect(waitingRan).toBe(false);
  });

  it('takes a cancelled job out of the queue at once, and stops a running one at its yield', async () => {
    const scheduler = new Scheduler();
    const block = deferred();
    const blocker = scheduler.schedule('chat', never, () => block.promise);
    const controller = new AbortController();
    let ran = false;
    const waiting = scheduler.schedule('chat', controller.signal, () => {
      ran = true;
      return Promise.resolve();
    });
    controller.abort();
    expect(await codeOf(waiting)).toBe('cancelled');
    block.resolve();
    await blocker;
    expect(ran).toBe(false);

    const second = new AbortController();
    let steps = 0;
    const ingestion = scheduler.schedule('ingestion', second.signal, async (turn) => {
      for (;;) {
        steps += 1;
        if (steps === 3) second.abort();
        await turn.yield();
      }
    });
    expect(await codeOf(ingestion)).toBe('cancelled');
    expect(steps).toBe(3);
    expect(await codeOf(scheduler.schedule('chat', second.signal, () => Promise.resolve()))).toBe(
      'cancelled',
    );
  });

  it('goes on after a job that fails, also where it throws at once', async () => {
    const scheduler = new Scheduler();
    const failing = scheduler.schedule('chat', never, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toMatchObject({ code: 'internal', message: /no/ });
    expect(await scheduler.schedule('chat', never, () => Promise.resolve(1))).toBe(1);
    expect(scheduler.running).toEqual([]);
  });

  it('closes when the last job has ended, and takes none after', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const running = scheduler.schedule('chat', never, async (turn) => {
      await new Promise((resolve) => {
        turn.signal.addEventListener('abort', resolve);
      });
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('job ended');
    });
    const waiting = scheduler.schedule('ingestion', never, () => Promise.resolve());
    const waitingCode = codeOf(waiting);
    await scheduler.close();
    order.push('closed');
    await running;
    expect(order).toEqual(['job ended', 'closed']);
    expect(await waitingCode).toBe('cancelled');
    expect(await codeOf(scheduler.schedule('chat', never, () => Promise.resolve()))).toBe(
      'cancelled',
    );
  });

  it('gives up an idle job for any other, and says when nothing waits', async () => {
    let idle = 0;
    const scheduler = new Scheduler(() => {
      idle += 1;
    });
    for (const priority of ['completion', 'chat', 'ingestion'] as const) {
      const started = deferred();
      const work = codeOf(
        scheduler.schedule('idle', never, async ({ signal }) => {
          started.resolve();
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(cancelled());
            });
          });
        }),
      );
      await started.promise;
      const before = idle;
      expect(await scheduler.schedule(priority, never, () => Promise.resolve(priority))).toBe(
        priority,
      );
      expect(await work).toBe('cancelled');
      await new Promise((resolve) => setImmediate(resolve));
      // Not called while the other job waited.
      expect(idle).toBe(before + 1);
    }
    await scheduler.close();
    expect(await codeOf(scheduler.schedule('idle', never, () => Promise.resolve()))).toBe(
      'cancelled',
    );
  });

  it('does not let an idle job in where a long one yields', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const reading = scheduler.schedule('ingestion', never, async (turn) => {
      void scheduler.schedule('idle', never, () => {
        order.push('idle');
        return Promise.resolve();
      });
      await turn.yield();
      order.push('read');
    });
    await reading;
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['read', 'idle']);
  });
});
