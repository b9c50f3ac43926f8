/** The part of the staged changes that is put to the model. */

import { isGeneratedFile } from '../../repository/files/generated-files.ts';
import { isSecretFile, isSecretFolder } from '../../repository/files/secret-files.ts';
import { findSecret } from '../../repository/files/secrets.ts';

/** A staged file. */
export interface StagedFile {
  /** Its path in the repository, with forward slashes. */
  readonly path: string;
  /** Its path as the engine names it; null: it is in no folder that was read. */
  readonly enginePath: string | null;
  /** What happened to all of it, which says enough: `deleted file a.ts`; null: its lines changed. */
  readonly whole: string | null;
}

export interface StagedDiff {
  readonly path: string;
  /** Null: only its name is put to the model. */
  readonly diff: string | null;
}

/** More files are not looked at. */
const mostFiles = 300;

/** Of a file whose change is longer only the name is put to the model, in UTF-16 units. */
const longestDiff = 200_000;

/**
 * Reads what is staged. Files whose names suggest secrets and what the user excludes are left out; a
 * change that holds a secret is too. Of generated files only the name stays. What git ignores is not
 * asked for: what is staged is not ignored.
 * @param excluded the engine's paths that the user excludes; folders end with a slash
 * @param read returns what is staged of a file
 * @throws what `read` throws, and the signal's reason
 */
export async function readStaged(
  files: readonly StagedFile[],
  excluded: readonly string[],
  read: (path: string) => Promise<string>,
  signal: AbortSignal,
): Promise<StagedDiff[]> {
  const staged: StagedDiff[] = [];
  for (const file of files.slice(0, mostFiles)) {
    signal.throwIfAborted();
    if (isLeftOut(file, excluded)) continue;
    const { path, whole } = file;
    if (whole !== null) {
      staged.push({ path, diff: whole });
      continue;
    }
    if (isGeneratedFile(path.slice(path.lastIndexOf('/') + 1))) {
      staged.push({ path, diff: null });
      continue;
    }
    const diff = await read(path);
    if (diff.length > longestDiff) staged.push({ path, diff: null });
    else if (findSecret(contentOf(diff)) === null) staged.push({ path, diff });
  }
  return staged;
}

function isLeftOut({ path, enginePath }: StagedFile, excluded: readonly string[]): boolean {
  const folders = path.split('/').slice(0, -1);
  if (isSecretFile(path) || folders.some(isSecretFolder)) return true;
  if (enginePath === null) return false;
  return excluded.some((one) =>
    one.endsWith('/') ? enginePath.startsWith(one) : enginePath === one,
  );
}

/** The lines of a difference without the signs before them, which would break keys of several lines. */
function contentOf(diff: string): string {
  return diff.replace(/^[-+ ]/gmu, '');
}
