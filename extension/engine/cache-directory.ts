/** Where what can be computed again is kept. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The user's cache folder for Loci: `LOCI_CACHE_DIR` where it is set, else the platform's place.
 * It may not exist yet, and may go at any time.
 */
export function cacheDirectory(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment['LOCI_CACHE_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'loci');
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'loci');
  }
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'loci');
}
