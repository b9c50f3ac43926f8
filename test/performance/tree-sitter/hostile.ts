/** Parses artificial texts, each in its own process: time, memory, and whether it ends. */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { lineUnits } from '../../../extension/repository/structure/line-units.ts';
import { loadGrammar, loadTreeSitter } from './grammar.ts';
import { treeUnits } from './units.ts';

const megabyte = 1_000_000;
const mostSeconds = 20;

function filled(part: string, size = megabyte): string {
  return part.repeat(Math.ceil(size / part.length)).slice(0, size);
}

function nested(open: string, inner: string, close: string, depth: number): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

const depth = 100_000;
/** Creates each text on demand. */
const texts: Readonly<Record<string, () => string>> = {
  'a line of 1 MB: statements': () => filled('a=1;'),
  'a line of 1 MB: one list': () => `a=[${filled('1,"x",')}0]`,
  'a line of 1 MB: one sum': () => `a=${filled('1+')}1`,
  'a line of 1 MB: a string without an end': () => `a="${filled('x')}`,
  '1 MB of opening brackets': () => filled('({['),
  '1 MB of closing brackets': () => filled(')]}'),
  'lists nested 100,000 deep': () => `a=${nested('[', '1', ']', depth)}`,
  'calls nested 100,000 deep': () => `a=${nested('f(', '1', ')', depth)}`,
  'blocks nested 100,000 deep': () => nested('if(a){\n', 'b;', '}\n', depth),
  'else after else, 50,000': () => `${'if(a){b;}else '.repeat(depth / 2)}{}`,
  'templates within templates': () => filled('`${', 3 * depth),
  'signs of types': () => filled('a<'),
};
const grammars = { typescript: 'a.ts', javascript: 'a.js', cpp: 'a.cpp', python: 'a.py' } as const;
type Name = keyof typeof grammars;
const isName = (name: string): name is Name => name in grammars;

type Row = Readonly<Record<string, string>>;
const reply = z.object({ milliseconds: z.number(), megabytes: z.number() });

/** The milliseconds and resident megabytes of a parse, or how it failed. */
async function attempt(args: readonly string[]): Promise<string> {
  const child = fork(fileURLToPath(import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const outcome = { answer: '', late: false, complaint: '' };
  child.stderr?.on('data', (data: Buffer) => (outcome.complaint += data.toString()));
  child.on('message', (message) => {
    const { milliseconds, megabytes } = reply.parse(message);
    outcome.answer = `${milliseconds.toFixed(0)} ms, ${megabytes.toFixed(0)} MB`;
  });
  const timer = setTimeout(() => {
    outcome.late = true;
    child.kill('SIGKILL');
  }, mostSeconds * 1000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (outcome.answer !== '') return outcome.answer;
  if (outcome.late) return `over ${String(mostSeconds)} s`;
  const error = /^\w*Error: .*/mu.exec(outcome.complaint)?.[0].slice(0, 60);
  return `crash: ${error ?? `exit ${String(code)}`}`;
}

/** One row for each text and side, one column for each language. */
export async function hostileTable(packages: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const text of Object.keys(texts)) {
    for (const side of ['ours', 'tree']) {
      const row: Record<string, string> = { text, side };
      for (const name of Object.keys(grammars)) {
        row[name] = await attempt([packages, side, name, text]);
      }
      rows.push(row);
    }
  }
  return rows;
}

/** Runs in the child process: parses one text and reports the time. */
async function runOne(): Promise<void> {
  const [packages = '', side = '', name = '', kind = ''] = process.argv.slice(2);
  const text = texts[kind]?.() ?? '';
  if (!isName(name)) throw new Error(`No grammar ${name}.`);
  const grammar =
    side === 'tree' ? await loadGrammar(await loadTreeSitter(packages), packages, name) : null;
  const memory = process.memoryUsage().rss;
  const startedAt = performance.now();
  if (grammar === null) lineUnits(grammars[name], text);
  else treeUnits(grammar, text, text.split('\n'));
  const milliseconds = performance.now() - startedAt;
  process.send?.({ milliseconds, megabytes: (process.memoryUsage().rss - memory) / 1e6 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runOne();
