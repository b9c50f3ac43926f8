/**
 * Whether this is a full run (`npm run test:full`, or `LOCI_TEST_FULL=1`). Scalable tests then do
 * all of their work; by default they do a part, which their titles state.
 */
export const fullRun = process.env['LOCI_TEST_FULL'] === '1';
