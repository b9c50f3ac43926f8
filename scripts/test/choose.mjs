import { capture } from '../support/commands.mjs';
import { root } from '../support/paths.mjs';

/** @typedef {import('./suites.mjs').Suite} Suite */

/**
 * The suites of a run: those that are named, else all of a full run, else those that always run and
 * those for which something has changed.
 * @template {Pick<Suite, 'name' | 'when'>} T
 * @param {readonly T[]} suites
 * @param {{ names: readonly string[], full: boolean, nativeChanged: boolean }} run
 * @returns {T[]}
 */
export function chooseSuites(suites, { names, full, nativeChanged }) {
  if (names.length > 0) return suites.filter(({ name }) => names.includes(name));
  // A full run has every test of a device, so the shorter one is left out.
  if (full) return suites.filter(({ name }) => name !== 'vulkan');
  return suites.filter(({ when }) => when === 'always' || (when === 'native' && nativeChanged));
}

/**
 * Whether native code differs from what is upstream, or without an upstream from the last commit.
 * True where git cannot tell.
 * @returns {Promise<boolean>}
 */
export async function nativeCodeChanged() {
  const upstream = await capture('git', ['-C', root, 'merge-base', 'HEAD', '@{upstream}']);
  const base = upstream.exitCode === 0 ? upstream.output.trim() : 'HEAD';
  const committed = await capture('git', [
    '-C',
    root,
    'diff',
    '--quiet',
    base,
    '--',
    ...nativePaths,
  ]);
  const fresh = await capture('git', [
    ...['-C', root, 'ls-files', '--others', '--exclude-standard', '--'],
    ...nativePaths,
  ]);
  return committed.exitCode !== 0 || fresh.exitCode !== 0 || fresh.output.trim() !== '';
}

const nativePaths = ['native-kernels', 'scripts/setup', 'package-lock.json'];
