/** Fetches packages with the registries' own clients and their configured sources. */
import { spawn } from 'node:child_process';
import { Failure } from '../../../scripts/support/failure.mjs';

/** Fetches one file of a package into a folder; prints to stderr. */
export type FetchPackage = (name: string, version: string, folder: string) => Promise<void>;

/** The name of the wheel of a pure Python package. */
export function wheelName(name: string, version: string): string {
  return `${name.replaceAll(/[-_.]+/g, '_')}-${version}-py3-none-any.whl`;
}

/** The name of the archive that npm writes for a package. */
export function tarballName(name: string, version: string): string {
  return `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}.tgz`;
}

/** Ways to call pip; the first that works is used. */
const pips: readonly (readonly [command: string, ...args: string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip'],
];

/**
 * Returns a function that fetches wheels with pip. Wheels only: pip runs the code of a source
 * distribution just to inspect it.
 * @param candidates ways to call pip
 * @param shown where its output goes: 2 is our stderr
 * @throws Failure if there is no pip
 */
export async function pipFetch(candidates = pips, shown: 'ignore' | 2 = 2): Promise<FetchPackage> {
  for (const [command, ...args] of candidates) {
    if ((await exitCodeOf(command, [...args, '--version'], 'ignore')) !== 0) continue;
    return async (name, version, folder) => {
      const wanted = [`${name}==${version}`, '--dest', folder];
      const only = ['--no-deps', '--only-binary=:all:', '--no-cache-dir'];
      const code = await exitCodeOf(command, [...args, 'download', ...only, ...wanted], shown);
      if (code !== 0) {
        throw new Failure(
          `pip cannot fetch ${name} ${version}. Check the network and run this again.`,
        );
      }
    };
  }
  throw new Failure('pip is missing. Install Python 3 with pip and run this again.');
}

/** Returns a function that fetches packages with npm. Runs no scripts of a package. */
export function npmFetch(): FetchPackage {
  return async (name, version, folder) => {
    const args = ['pack', `${name}@${version}`, '--ignore-scripts', '--pack-destination', folder];
    const code = await exitCodeOf('npm', [...args, '--silent'], 2);
    if (code !== 0) {
      throw new Failure(
        `npm cannot fetch ${name} ${version}. Check the network and run this again.`,
      );
    }
  };
}

/** @param shown where its output goes: 2 is our stderr */
function exitCodeOf(
  command: string,
  args: readonly string[],
  shown: 'ignore' | 2,
): Promise<number> {
  return new Promise((resolve) => {
    // On Windows, npm is a batch file, which only a shell can start.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, { shell, stdio: ['ignore', shown, shown] });
    child.on('error', () => {
      resolve(127);
    });
    child.on('close', (code) => {
      resolve(code ?? 128);
    });
  });
}
