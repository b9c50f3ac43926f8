/** How large a repository is, before anything of it is read. */

import { resolve } from 'node:path';
import { describeEmptyListing, walkRepository } from '../../repository/files/walk.ts';
import { largestFolders } from '../../protocol/folder-weights.ts';
import { bytesPerToken } from '../../protocol/requests/measure-repository.ts';
import type {
  MeasureRepositoryParameters,
  RepositorySize,
} from '../../protocol/requests/measure-repository.ts';
import { EngineError, toEngineError } from '../core/errors.ts';

/**
 * Lists what would be read.
 * @param onProgress hears how many files were found so far.
 * @throws EngineError `cancelled`, `repository-empty` and what listing throws
 */
export async function measureRepository(
  parameters: MeasureRepositoryParameters,
  signal: AbortSignal,
  onProgress: (files: number) => void,
): Promise<RepositorySize> {
  try {
    const roots = parameters.roots.map((root) => resolve(root));
    const { encodings = [], exclude } = parameters;
    const listing = await walkRepository(roots, { encodings, exclude, signal, onProgress });
    onProgress(listing.files.length);
    if (listing.files.length === 0) {
      throw new EngineError('repository-empty', describeEmptyListing(roots, listing));
    }
    const weights = listing.files.map(({ path, bytes }) => ({
      path,
      tokens: bytes / bytesPerToken,
    }));
    return {
      files: listing.files.length,
      bytes: listing.bytes,
      tokens: Math.round(listing.bytes / bytesPerToken),
      folders: largestFolders(weights),
    };
  } catch (error) {
    throw toEngineError(error);
  }
}
