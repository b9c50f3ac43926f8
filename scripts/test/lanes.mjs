/**
 * Runs jobs in order, with as many at a time as there are lanes.
 * @template T
 * @template R
 * @param {readonly T[]} jobs
 * @param {number} lanes at least 1
 * @param {(job: T) => Promise<R>} run
 * @returns {Promise<R[]>} in the order of the jobs
 */
export async function runInLanes(jobs, lanes, run) {
  /** @type {R[]} */
  const results = [];
  const left = jobs.entries();
  const lane = async () => {
    for (const [index, job] of left) results[index] = await run(job);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
