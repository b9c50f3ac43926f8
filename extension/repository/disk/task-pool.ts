/** Work that may produce more work. */
export type Task = () => Promise<readonly Task[]>;

/**
 * Runs tasks, and the tasks they return, with at most `concurrency` in flight. Starts the newest
 * first, so that few tasks wait.
 * @throws the first task's error, or the signal's reason, once nothing is in flight
 */
export async function runTasks(
  initial: readonly Task[],
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const waiting = [...initial];
  let running = 0;
  const failures: { readonly error: unknown }[] = [];
  await new Promise<void>((resolve) => {
    const schedule = (): void => {
      if (signal?.aborted === true) {
        failures.push({ error: signal.reason });
      }
      while (failures.length === 0 && running < concurrency) {
        const task = waiting.pop();
        if (task === undefined) {
          break;
        }
        running++;
        void task()
          .then(
            (more) => {
              waiting.push(...more);
            },
            (error: unknown) => {
              failures.push({ error });
            },
          )
          .finally(() => {
            running--;
            schedule();
          });
      }
      if (running === 0) {
        resolve();
      }
    };
    schedule();
  });
  const [failure] = failures;
  if (failure !== undefined) {
    throw failure.error;
  }
}
