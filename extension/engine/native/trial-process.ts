/**
 * Tries native code in a separate process first, so that a crash becomes a sentence.
 */

import { execFile } from 'node:child_process';
import { z } from 'zod';
import { isNativeErrorCode } from '../core/errors.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { NativeDevice } from './contract.ts';

export type Verdict<T> =
  | { readonly ok: true; readonly value: T }
  /** What went wrong, as the end of a sentence without a full stop; and details for the log. */
  | { readonly ok: false; readonly reason: string; readonly detail: string };

const timeLimitMs = 60_000;
const outputMark = 'loci-devices:';

const loadScript = 'require(process.argv[1])';
const devicesScript = `
const addon = require(process.argv[1]);
const runtime = addon.loadRuntime({ libraryDirectory: process.argv[2], onLog() {} });
process.stdout.write('\\n${outputMark}' + JSON.stringify(runtime.devices()), () => process.exit(0));
`;

const devicesSchema: z.ZodType<NativeDevice[]> = z.array(
  z.object({
    name: z.string(),
    description: z.string(),
    kind: z.enum(['cpu', 'gpu', 'integrated-gpu', 'accelerator']),
    freeBytes: z.number(),
    totalBytes: z.number(),
  }),
);

/** Checks whether this Node can load the addon. */
export async function probeAddon(addonPath: string): Promise<Verdict<null>> {
  const verdict = await runScript(loadScript, [addonPath]);
  return verdict.ok ? { ok: true, value: null } : verdict;
}

/** Lists the devices that a folder of libraries offers on this machine. */
export async function probeDevices(
  addonPath: string,
  libraryDirectory: string,
): Promise<Verdict<NativeDevice[]>> {
  const verdict = await runScript(devicesScript, [addonPath, libraryDirectory]);
  if (!verdict.ok) return verdict;
  // Drivers also print to standard output; only the text after the mark is ours.
  const text = verdict.value.slice(verdict.value.lastIndexOf(outputMark) + outputMark.length);
  try {
    return { ok: true, value: devicesSchema.parse(JSON.parse(text)) };
  } catch {
    return { ok: false, reason: 'its device list could not be read', detail: text };
  }
}

/** Runs a script with this Node and returns what it printed. */
function runScript(script: string, argv: readonly string[]): Promise<Verdict<string>> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', script, ...argv],
      {
        // Inside an editor's process the executable is Electron.
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        timeout: timeLimitMs,
        killSignal: 'SIGKILL',
        maxBuffer: 16 * 1024 * 1024,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ ok: true, value: stdout });
        else {
          const detail = stderr.trim() === '' ? error.message : stderr.trim();
          resolve({ ok: false, reason: describeFailure(error, stderr), detail });
        }
      },
    );
  });
}

function describeFailure(
  error: {
    readonly killed?: boolean;
    readonly signal?: string | null;
    readonly code?: unknown;
  },
  stderr: string,
): string {
  if (error.killed === true)
    return `it did not finish within ${String(timeLimitMs / 1000)} seconds`;
  if (typeof error.signal === 'string') return `it crashed with ${error.signal}`;
  const code = /^\s*code: '(?<code>[\w-]+)'/mu.exec(stderr)?.groups?.['code'];
  if (code === 'ERR_DLOPEN_FAILED') return loaderProblem(stderr);
  // Our addon throws our own sentences.
  const thrown = /^Error: (?<sentence>.+)$/mu.exec(stderr)?.groups?.['sentence'];
  const ours = isNativeErrorCode(code) && code !== 'internal';
  if (ours && thrown !== undefined) return plainLine(thrown, 500).replace(/\.$/u, '');
  return typeof error.code === 'number'
    ? `it ended with exit code ${String(error.code)}`
    : 'it could not be tested';
}

/** Rewords the message of the system's loader. */
export function loaderProblem(said: string): string {
  const known = loaderProblems.find(([words]) => words.test(said));
  return known?.[1] ?? 'the system refused to load it';
}

const loaderProblems: readonly (readonly [RegExp, string])[] = [
  [/GLIBC|GLIBCXX|CXXABI|version `/u, 'a library of this system is too old for it'],
  [/NODE_MODULE_VERSION/u, 'it was built for another version of Node.js'],
  [
    /invalid ELF|wrong ELF|incompatible architecture|not a mach-o|not a valid Win32|file too short/iu,
    'it was built for another kind of machine or is damaged',
  ],
  [
    /cannot open shared object|image not found|no such file|module could not be found/iu,
    'a library that it needs is missing',
  ],
];
