/** Refuses poor phrases; CONTRIBUTING.md ("English") lists better ones. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/support/paths.mjs';

const refused: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bnobody\b/iu, 'say what does not happen, or use "no user", "none", "by default"'],
  [/\bwhoever\b/iu, 'name who: the caller, the reader, the next job'],
  [/\bwhat of (?:a|an|the|it|which)\b/iu, 'say "the part of", "which tokens of"'],
  [/\b(?:was|were|is|are) let go\b|\blets go of\b/iu, 'say "evicted" or "released"'],
  [/\bwho asks\b/iu, 'say "the user" or "a request"'],
  [/\bof no use to\b/iu, 'say what to do with it'],
  [/\bit is said\b/iu, 'say who says it: "Loci tells you", "the message states"'],
  [/\bcomes? to the same\b/iu, 'say "equals" or "gives the same"'],
  [/\bby turns\b/iu, 'say "alternately" or "alternating"'],
  [/\bhas the last word\b/iu, 'say "overrides"'],
  [/\bgetting to know\b/iu, 'say "profiling" or "measuring"'],
];
const prose = /\.(?:ts|mjs|cjs|css|h|cpp|md|json|py)$/u;
/** Third-party and generated text, and this list. */
const excluded =
  /^(?:sample|test\/fixtures|docs\/quality)\/|\/third-party\/|^test\/quality\/(?:generator|completions\/code)\/|package-lock|^test\/unit\/english\.test\.ts$|^CONTRIBUTING\.md$/u;

/** Finds refused phrases in a text. */
function faults(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      refused
        .filter(([pattern]) => pattern.test(line))
        .map(([, instead]) => `${file}:${String(index + 1)}: ${line.trim()}: ${instead}`),
    );
}

describe('the English of the project', () => {
  it('has none of the refused turns of phrase', () => {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const files = execFileSync('git', ['ls-files', '-z'], options).split('\0');
    const checked = files.filter((file) => prose.test(file) && !excluded.test(file));
    expect(checked.length).toBeGreaterThan(500);
    const found = checked.flatMap((file) =>
      faults(file, readFileSync(path.join(root, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it.each([
    'The memory was let go already.',
    'What is kept where nobody chose.',
    'Whoever asks on has seen it.',
    'What of a document goes into a prompt.',
    'If a name is missing, it is said.',
    'A budget that comes to the same tokens.',
    'Both engines, timed by turns.',
    '`.lociignore` has the last word.',
    'Getting to know the model…',
  ])('refuses: %s', (sentence) => {
    expect(faults('a.ts', sentence)).not.toEqual([]);
  });

  it('accepts ordinary sentences', () => {
    const sentences = 'This memory has been released.\nUse at least 64 tokens.\nWhat is evicted?';
    expect(faults('a.ts', sentences)).toEqual([]);
  });
});
