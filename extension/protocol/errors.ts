/** The codes of failures. */

/** What the native addon rejects with; `core/error.h` has the same list. */
export const nativeErrorCodes = [
  'cancelled',
  'invalid-argument',
  'busy',
  'disposed',
  'runtime-not-found',
  'runtime-mismatch',
  'model-invalid',
  'model-unsupported',
  'parity-failed',
  'budget-too-small',
  'tail-full',
  'out-of-memory',
  'file-failed',
  'snapshot-invalid',
  'internal',
] as const;
export type NativeErrorCode = (typeof nativeErrorCodes)[number];
