import type { SkippedFile } from '../../protocol/skipped-file.ts';
import { defaultMaxFileBytes, readContent, readFileContent } from './classify.ts';
import { nothingStated } from './file-statements.ts';
import type { RepositoryFile } from './listing.ts';

export type FileText =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly skipped: SkippedFile };

export interface ReadOptions {
  /** The same limit as for the listing: 256 KiB by default. */
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads one file as text, see `readContent`. Returns a skipped file if since the listing the file
 * disappeared, grew over the limit, or became unreadable, binary or secret. Rejects only with the
 * signal's reason.
 */
export async function readText(
  file: Pick<RepositoryFile, 'path' | 'absolutePath' | 'stated'>,
  options: ReadOptions = {},
): Promise<FileText> {
  options.signal?.throwIfAborted();
  const maxFileBytes = options.maxFileBytes ?? defaultMaxFileBytes;
  const content = await readFileContent(file.absolutePath, maxFileBytes, file.stated);
  options.signal?.throwIfAborted();
  return content.ok
    ? { ok: true, text: content.text, bytes: content.bytes }
    : { ok: false, skipped: { path: file.path, ...content.cause } };
}

/**
 * The text of an open document as its file would be read once it is saved.
 * @param text as the editor has it
 * @returns null where that would be left out: it is too large, or holds a secret
 */
export function textOfDocument(
  text: string,
  { stated }: Pick<RepositoryFile, 'stated'>,
): string | null {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > defaultMaxFileBytes) return null;
  const { generated } = stated ?? nothingStated;
  const content = readContent(bytes, { encoding: null, generated });
  return content.ok ? content.text : null;
}
