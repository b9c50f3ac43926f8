/** What the caller wrote cannot be run; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
