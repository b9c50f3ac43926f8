/**
 * @typedef {object} Job
 * @property {boolean} [alone] whether nothing else may run beside it
 */

/**
 * Runs jobs in their order, as many at once as there are lanes. One that runs alone waits for those
 * before it, and those after it wait for it.
 * @template {Job} T
 * @template R
 * @param {readonly T[]} jobs
 * @param {number} lanes at least 1
 * @param {(job: T) => Promise<R>} run
 * @returns {Promise<R[]>} in the order of the jobs
 */
export async function runInLanes(jobs, lanes, run) {
  /** @type {Promise<R>[]} */
  const results = [];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  for (const job of jobs) {
    const room = job.alone === true ? 1 : lanes;
    while (running.size >= room) await Promise.race(running);
    const result = run(job);
    results.push(result);
    // Promise.all is what passes a failure on.
    /** @type {Promise<void>} */
    const done = Promise.allSettled([result]).then(() => {
      running.delete(done);
    });
    running.add(done);
    if (job.alone === true) await done;
  }
  return Promise.all(results);
}
