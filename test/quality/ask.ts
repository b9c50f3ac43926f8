import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The part of the command line's output that measurements read. */
const askResultSchema = z.object({
  policy: z.string(),
  budget: z.object({ tokens: z.number(), bytes: z.number() }),
  repository: z.object({ files: z.number(), tokens: z.number() }),
  memory: z.object({
    heldTokens: z.number(),
    keptShare: z.number(),
    kvBytes: z.number(),
    peakKvBytes: z.number(),
    workingBytes: z.number(),
  }),
  timings: z.object({
    loadMs: z.number(),
    ingestMs: z.number(),
    ingestTokensPerSecond: z.number(),
  }),
  answers: z.array(
    z.object({
      question: z.string(),
      answer: z.string(),
      citations: z.array(z.object({ path: z.string(), line: z.number() })),
      recalled: z.array(
        z.object({
          path: z.string(),
          fromLine: z.number(),
          toLine: z.number(),
          tokens: z.number(),
          signal: z.string(),
        }),
      ),
      promptTokens: z.number(),
      firstTokenMs: z.number(),
    }),
  ),
});

export type AskResult = z.infer<typeof askResultSchema>;

export interface AskOptions {
  readonly repository: string;
  readonly questions: readonly string[];
  readonly budget: string;
  readonly policy: string;
  readonly recall: string;
  /** Further arguments of the command, such as a model. */
  readonly more: readonly string[];
}

/**
 * Runs `loci ask` as a user would and checks what it prints.
 * @throws Error with its stderr if it fails, ZodError if its JSON does not match the schema.
 */
export async function ask(options: AskOptions): Promise<AskResult> {
  const output = await runLoci([
    'ask',
    '--json',
    '--always-answer',
    ...['--repo', options.repository],
    ...['--budget', options.budget],
    ...['--policy', options.policy],
    ...['--recall', options.recall],
    ...options.questions.flatMap((question) => ['--question', question]),
    ...options.more,
  ]);
  const result = askResultSchema.parse(JSON.parse(output));
  const answered = result.answers.map(({ question }) => question);
  if (answered.join('\n') !== options.questions.join('\n')) {
    throw new Error('The answers are not to the questions that were asked.');
  }
  return result;
}

/** Returns the command line's stdout. @throws Error unless it exits with 0. */
function runLoci(commandLine: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/cli.mjs', ...commandLine], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`loci ended with ${String(code ?? signal)}:\n${log.trim()}`));
    });
  });
}
