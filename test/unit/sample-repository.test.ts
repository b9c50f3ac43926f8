/** The sample repository is working code, small enough for a person to read. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../scripts/support/commands.mjs';
import { fromRoot } from '../../scripts/support/paths.mjs';
import { sampleQuestions } from '../fixtures/sample-questions.ts';

const run = promisify(execFile);
const root = fromRoot('sample');
const entries = await readdir(root, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
  .map((entry) => join(entry.parentPath, entry.name));
const python = (await findProgram('python3')) ?? (await findProgram('python'));

describe('the sample repository', () => {
  it('has 20 to 42 files, a README and documents', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
    expect(files.length).toBeLessThanOrEqual(42);
    expect(files).toContain(join(root, 'README.md'));
  });

  it('is correct TypeScript', { timeout: 120_000 }, () => {
    const read = ts.getParsedCommandLineOfConfigFile(
      join(root, 'tsconfig.json'),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
          throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
        },
      },
    );
    if (read === undefined) throw new Error('No configuration.');
    expect(read.fileNames.length).toBeGreaterThan(15);
    const program = ts.createProgram(read.fileNames, read.options);
    const found = ts.getPreEmitDiagnostics(program);
    expect(found.map(({ messageText }) => messageText)).toEqual([]);
  });

  it.skipIf(python === null)(
    'is correct Python, and its tests pass',
    { timeout: 120_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'loci-python-'));
      const env = { ...process.env, PYTHONPYCACHEPREFIX: folder };
      const worker = join(root, 'worker');
      try {
        const sources = files.filter((file) => file.endsWith('.py'));
        await run(python ?? '', ['-m', 'py_compile', ...sources], { env });
        const tests = await run(python ?? '', ['-m', 'unittest', 'discover', '-s', 'tests'], {
          cwd: worker,
          env,
        });
        expect(tests.stderr).toMatch(/Ran \d+ tests? in .*\n\nOK/u);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  it('has the files that its questions are about, and the answers in them', async () => {
    for (const { question, answer, path } of await sampleQuestions()) {
      const text = await readFile(join(root, path), 'utf8');
      expect(text, question).toContain(answer ?? '');
    }
  });
});
