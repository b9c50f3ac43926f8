/** States which folder may import which; ARCHITECTURE.md shows it as a table. */

import { existsSync, readdirSync } from 'node:fs';
import { fromRoot } from './support/paths.mjs';

/**
 * Families of folders, the features and the views' pages, whose members must not import each other.
 */
export const families = {
  features: foldersWith('feature.ts', 'extension/features'),
  pages: foldersWith('main.ts', 'webview'),
};

const feature = [
  'extension/engine-client',
  'extension/features/editor',
  'extension/features/host',
  'extension/features/webviews',
  'extension/protocol',
  'extension/report',
  'extension/settings',
];
const page = ['extension/protocol', 'extension/report', 'webview/common'];

/**
 * The folders of the architecture, and which other folders the files of each may import: exactly
 * those that they do import. A folder without an entry belongs to its parent. The folders of a
 * family share an entry: each may import what some of them do.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayImport = {
  'extension/protocol': [],
  'extension/report': ['extension/protocol'],
  'extension/models': ['extension/protocol'],
  'extension/quality': ['extension/engine-client', 'extension/protocol'],
  'extension/settings': ['extension/engine-client', 'extension/protocol'],
  'extension/engine-client': ['extension/protocol', 'extension/report'],
  extension: [
    'extension/engine-client',
    'extension/features',
    'extension/features/editor',
    'extension/features/host',
    'extension/features/reading',
    'extension/features/webviews',
    'extension/protocol',
    'extension/settings',
  ],
  'extension/cli': [
    'extension/engine-client',
    'extension/engine/memory',
    'extension/engine/native',
    'extension/models',
    'extension/protocol',
    'extension/quality',
    'extension/report',
    'extension/repository/disk',
    'extension/repository/files',
  ],
  'extension/engine': [
    'extension/engine/memory',
    'extension/engine/answering',
    'extension/engine/completing',
    'extension/engine/core',
    'extension/engine/keeping',
    'extension/engine/measuring',
    'extension/engine/model',
    'extension/engine/native',
    'extension/engine/reading',
    'extension/models',
    'extension/protocol',
  ],
  'extension/engine/answering': [
    'extension/engine/core',
    'extension/engine/generation',
    'extension/engine/memory',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/protocol',
    'extension/quality',
    'extension/repository/recall',
  ],
  'extension/engine/completing': [
    'extension/engine/core',
    'extension/engine/generation',
    'extension/engine/memory',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/protocol',
  ],
  'extension/engine/core': ['extension/protocol', 'extension/repository/disk'],
  'extension/engine/generation': ['extension/engine/core', 'extension/engine/native'],
  'extension/engine/keeping': [
    'extension/engine/core',
    'extension/engine/memory',
    'extension/engine/model',
    'extension/engine/native',
    'extension/engine/reading',
    'extension/models',
    'extension/protocol',
    'extension/report',
    'extension/repository/disk',
    'extension/repository/stream',
  ],
  'extension/engine/measuring': [
    'extension/engine/core',
    'extension/engine/generation',
    'extension/engine/memory',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/protocol',
    'extension/quality',
  ],
  'extension/engine/memory': [
    'extension/engine/core',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/models',
    'extension/protocol',
    'extension/report',
    'extension/repository/files',
    'extension/repository/recall',
    'extension/repository/stream',
  ],
  'extension/engine/model': [
    'extension/engine/core',
    'extension/engine/memory',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/models',
    'extension/protocol',
  ],
  'extension/engine/native': [
    'extension/engine/core',
    'extension/models',
    'extension/protocol',
    'extension/repository/disk',
  ],
  'extension/engine/prompt': [
    'extension/engine/core',
    'extension/engine/generation',
    'extension/engine/native',
    'extension/models',
    'extension/protocol',
    'extension/repository/stream',
  ],
  'extension/engine/reading': [
    'extension/engine/answering',
    'extension/engine/core',
    'extension/engine/memory',
    'extension/engine/model',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/engine/reading/profile',
    'extension/models',
    'extension/protocol',
    'extension/report',
    'extension/repository/files',
    'extension/repository/recall',
    'extension/repository/stream',
  ],
  'extension/engine/reading/profile': [
    'extension/engine/core',
    'extension/engine/native',
    'extension/engine/prompt',
    'extension/models',
  ],
  'extension/features': [...families.features, 'extension/features/host'],
  ...Object.fromEntries(families.features.map((folder) => [folder, feature])),
  'extension/features/commit': [...feature, 'extension/repository/files'],
  'extension/features/models': [...feature, 'extension/models'],
  'extension/features/quality': [...feature, 'extension/quality'],
  'extension/features/refine': [...feature, 'extension/features/status'],
  'extension/features/editor': ['extension/protocol'],
  'extension/features/host': [
    'extension/engine-client',
    'extension/features/editor',
    'extension/features/webviews',
    'extension/protocol',
  ],
  'extension/features/webviews': ['extension/engine-client', 'extension/protocol'],
  'extension/repository/disk': ['extension/protocol'],
  'extension/repository/files': [
    'extension/protocol',
    'extension/repository/disk',
    'extension/repository/git',
  ],
  'extension/repository/git': ['extension/repository/disk'],
  'extension/repository/recall': [
    'extension/protocol',
    'extension/repository/files',
    'extension/repository/stream',
    'extension/repository/structure',
  ],
  'extension/repository/stream': [
    'extension/repository/disk',
    'extension/protocol',
    'extension/repository/files',
    'extension/repository/structure',
  ],
  'extension/repository/structure': [],
  ...Object.fromEntries(families.pages.map((folder) => [folder, page])),
  'webview/common': ['extension/protocol', 'extension/report'],
};

/** Folders whose code runs in the editor's process and may import `vscode`. */
export const editorFolders = Object.keys(mayImport).filter(
  (folder) =>
    folder === 'extension' ||
    folder === 'extension/settings' ||
    folder.startsWith('extension/features'),
);

/**
 * For the boundaries plugin: the first matching pattern classifies a file, so deeper folders come
 * first.
 */
export const elements = [...Object.keys(mayImport), 'docs', 'test', 'scripts']
  .toSorted((left, right) => right.length - left.length)
  .map((folder) => ({ type: folder, pattern: folder }));

/**
 * The subfolders that contain a file with this name.
 * @param {string} file
 * @param {string} folder
 */
function foldersWith(file, folder) {
  return readdirSync(fromRoot(folder))
    .filter((name) => existsSync(fromRoot(folder, name, file)))
    .map((name) => `${folder}/${name}`);
}
