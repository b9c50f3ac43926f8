import type { RepositoryErrorCode } from '../../protocol/errors.ts';

/** A root that cannot be read at all. The message is one sentence for the user. */
export class RepositoryError extends Error {
  readonly code: RepositoryErrorCode;

  constructor(code: RepositoryErrorCode, message: string) {
    super(message);
    this.name = 'RepositoryError';
    this.code = code;
  }
}
