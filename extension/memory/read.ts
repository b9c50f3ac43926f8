import type { SkippedFile } from '../protocol/engine.ts';
import type { RepositoryFile } from './walk.ts';

export type FileText =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly skipped: SkippedFile };

export interface ReadOptions {
  /** As for the listing: 256 KiB by default. */
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads one file as text: no byte order mark, lines end with `\n`, invalid UTF-8 becomes U+FFFD.
 * A file that went, grew over the limit or became unreadable or binary since it was listed is a
 * skipped file. Rejects only with the signal's reason.
 */
export async function readText(
  file: Pick<RepositoryFile, 'path' | 'absolutePath'>,
  options: ReadOptions = {},
): Promise<FileText> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${file.path} ${String(options.maxFileBytes)}`);
}
