/** The code of every failure that reaches a user: what a program acts on. */

/** What the native addon rejects with; `core/error.cpp` has the same list. */
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

/** Why a model file is refused before it is loaded. */
export const modelRefusalCodes = [
  'model-not-found',
  'model-unreadable',
  'model-invalid',
  'model-unsupported',
] as const;
export type ModelRefusalCode = (typeof modelRefusalCodes)[number];

/** Why a folder cannot be read at all. */
export const repositoryErrorCodes = [
  'repository-not-found',
  'repository-not-a-directory',
  'repository-unreadable',
  /** A file is not what it was when reading was stopped. */
  'repository-changed',
] as const;
export type RepositoryErrorCode = (typeof repositoryErrorCodes)[number];

/** Everything that the engine process answers a request with. */
const engineErrorCodes = [
  ...nativeErrorCodes,
  ...modelRefusalCodes,
  ...repositoryErrorCodes,
  'addon-not-found',
  'addon-broken',
  'device-not-found',
  'restart-required',
  'repository-empty',
  'file-not-read',
  'not-open',
  'question-too-long',
  'completion-unsupported',
  'next-edit-unsupported',
] as const;
export type EngineErrorCode = (typeof engineErrorCodes)[number];

const known: ReadonlySet<string> = new Set(engineErrorCodes);

/** Whether the engine process answers with this code. */
export function isEngineErrorCode(code: string): code is EngineErrorCode {
  return known.has(code);
}

/** What the extension and the command line fail with by themselves. */
const clientErrorCodes = [
  /** The engine went away before it answered. */
  'disconnected',
  /** The same, with a sentence that says how. */
  'engine-exited',
  /** It ended so often that it is not started again. */
  'engine-crashed',
  'no-folder',
  'invalid-setting',
  /** A repository offers nothing to measure with. */
  'no-questions',
] as const;

export const errorCodes = [...engineErrorCodes, ...clientErrorCodes] as const;
export type ErrorCode = (typeof errorCodes)[number];
