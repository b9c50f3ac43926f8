/** Draws questions in the bundled model's forms from real code, with answers. */

import { Extraction } from '../../extension/quality/extract.ts';
import type { FormedQuestion } from '../../extension/quality/question-forms.ts';
import { wordedQuestion } from '../../extension/quality/question.ts';
import { Random } from './generator/random.ts';

export interface DrawnQuestion extends FormedQuestion {
  readonly answer: string;
  readonly path: string;
}

const literal = String.raw`(?<answer>-?\d[\w.]*|"[^"\\]+"|'[^'\\]+')`;
const returning = [
  // A function whose first statement returns a literal.
  new RegExp(
    String.raw`function (?<name>\w+)\([^)]*\)(?:: ?[^{]+)? ?\{\n\s+return ${literal};`,
    'gu',
  ),
  new RegExp(String.raw`def (?<name>\w+)\([^)]*\)(?: -> [^:]+)?:\n\s+return ${literal}\n`, 'gu'),
];
const defaulting = [
  new RegExp(
    String.raw`function (?<name>\w+)\((?:[^()]*, )?(?<parameter>\w+)(?:: [\w.]+)? = ${literal}[,)]`,
    'gu',
  ),
  new RegExp(
    String.raw`def (?<name>\w+)\((?:[^()]*, )?(?<parameter>\w+)(?:: [\w.]+)? ?= ?${literal}[,)]`,
    'gu',
  ),
];

/**
 * Draws up to `count` questions of each form, about names that are defined or imported in exactly
 * one place.
 * @param texts the files' texts by path.
 */
export function drawQuestions(
  texts: ReadonlyMap<string, string>,
  count: number,
  seed: number,
): DrawnQuestion[] {
  const extraction = new Extraction();
  for (const [path, text] of texts) extraction.add(path, text);
  const random = new Random(seed);
  const draw = (all: readonly DrawnQuestion[]): DrawnQuestion[] =>
    random.shuffle(all).slice(0, count);
  const worded = extraction.candidates('words').flat();
  const values: DrawnQuestion[] = [];
  const imports: DrawnQuestion[] = [];
  for (const probe of worded) {
    const question = wordedQuestion(probe);
    if (question === null) continue;
    const { name, answer } = question;
    const form = probe.kind === 'constant' ? 'value' : 'import';
    const list = form === 'value' ? values : imports;
    list.push({ form, name, parameter: null, answer, path: probe.path });
  }
  const files = extraction
    .candidates('line')
    .flat()
    .filter(({ kind }) => kind === 'symbol')
    .map(
      ({ name, path }) => ({ form: 'file', name, parameter: null, answer: path, path }) as const,
    );
  const returns = matches(texts, returning, 'returns');
  const defaults = matches(texts, defaulting, 'default');
  return [values, imports, files, returns, defaults].flatMap(draw);
}

function matches(
  texts: ReadonlyMap<string, string>,
  patterns: readonly RegExp[],
  form: 'returns' | 'default',
): DrawnQuestion[] {
  return [...texts].flatMap(([path, text]) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(({ groups }) => ({
        form,
        name: groups?.['name'] ?? '',
        parameter: groups?.['parameter'] ?? null,
        answer: (groups?.['answer'] ?? '').replace(/^(["'])(.*)\1$/u, '$2'),
        path,
      })),
    ),
  );
}
