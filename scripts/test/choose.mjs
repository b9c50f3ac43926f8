import { capture } from '../support/commands.mjs';
import { root } from '../support/paths.mjs';

/** @typedef {import('./suites.mjs').Suite} Suite */

/**
 * Chooses the suites of a run: the named ones, else all for a full run, else those that always run
 * and, if native code has changed, those for native code. No test runs twice in a full run.
 * @template {Pick<Suite, 'name' | 'when'>} T
 * @param {readonly T[]} suites
 * @param {{ names: readonly string[], full: boolean, nativeChanged: boolean }} run
 * @returns {T[]}
 */
export function chooseSuites(suites, { names, full, nativeChanged }) {
  if (names.length > 0) {
    const within = full && names.includes('integration') ? ['families'] : [];
    return suites.filter(({ name }) => names.includes(name) && !within.includes(name));
  }
  // A full run includes every device test, so the shorter suite is omitted.
  if (full) return suites.filter(({ name, when }) => name !== 'vulkan' && when !== 'never');
  return suites.filter(({ when }) => when === 'always' || (when === 'native' && nativeChanged));
}

/**
 * Whether native code differs from upstream, or from the last commit if there is no upstream. True
 * if git gives no answer.
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
