import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Joins path parts onto the project's root.
 * @param {string[]} parts
 */
export const fromRoot = (...parts) => path.join(root, ...parts);

/** Files that are fetched or derived once and kept between runs; never committed. */
export const cacheDirectory = fromRoot('.cache');

/** The output of the native build and the generators; never committed. */
export const buildDirectory = fromRoot('build');

/** The native build that the extension and the command line load. */
export const nativeBuildDirectory = fromRoot('build', 'native');

/** The native build that runs under AddressSanitizer and UndefinedBehaviorSanitizer. */
export const sanitizedBuildDirectory = fromRoot('build', 'native-sanitized');

/** The copy of `sample` that `npm start` opens; it may be edited. */
export const sampleRepositoryDirectory = fromRoot('build', 'sample-repository');

/** Questions that a person might ask about the sample, with answers. */
export const sampleQuestionsFile = fromRoot('test', 'fixtures', 'sample-questions.json');

/** The reports and pictures of test runs; never committed. */
export const artifactsDirectory = fromRoot('test-artifacts');
