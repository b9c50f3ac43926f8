/**
 * Whether this is a full run (`npm run test:full`, or `LOCI_TEST_FULL=1`). Tests whose work can be
 * scaled do all of it there; by default they do a part, and their titles say how much.
 */
export const fullRun = process.env['LOCI_TEST_FULL'] === '1';
