import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Joins path parts onto the project's root.
 * @param {string[]} parts
 */
export const fromRoot = (...parts) => path.join(root, ...parts);

/** What is fetched or derived once and kept between runs; never committed. */
export const cacheDirectory = fromRoot('.cache');

/** What the native build and the generators write; never committed. */
export const buildDirectory = fromRoot('build');

/** The native build that the extension and the command line load. */
export const nativeBuildDirectory = fromRoot('build', 'native');

/** The native build that runs under AddressSanitizer and UndefinedBehaviorSanitizer. */
export const sanitizedBuildDirectory = fromRoot('build', 'native-sanitized');

/** The repository that `npm start` opens and the end-to-end tests read. */
export const sampleRepositoryDirectory = fromRoot('build', 'sample-repository');

/** Where test runs leave their reports and pictures; never committed. */
export const artifactsDirectory = fromRoot('test-artifacts');
