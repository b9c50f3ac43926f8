/** Questions that the lines of one repository ask, file by file. */

import type { Probe, QuestionForm } from '../protocol/requests/probes.ts';
import { definitionPattern, patternsFor } from './languages.ts';
import { wordedQuestion } from './question.ts';

/** Longer lines are data or generated. */
const longestLine = 300;

/** Collects what a repository's files could be asked about. */
export class Extraction {
  readonly #byFile: Probe[][] = [];
  /** Where each name is defined; a second place is enough to know that it is ambiguous. */
  readonly #places = new Map<string, string | null>();
  readonly #prompts = new Map<string, number>();

  /**
   * Adds a file.
   * @param text the whole file, lines ended by `\n`.
   */
  add(path: string, text: string): void {
    const patterns = patternsFor(path);
    if (patterns.length === 0) return;
    const found: Probe[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      if (line.length > longestLine || line.trim() === '') continue;
      const place = `${path}:${String(index)}`;
      for (const { groups } of line.matchAll(definitionPattern)) {
        this.#define(groups?.['name'] ?? '', place);
      }
      for (const { kind, pattern } of patterns) {
        const groups = pattern.exec(line)?.groups;
        if (groups === undefined) continue;
        const { head = '', name = '', answer = '' } = groups;
        this.#prompts.set(head.trim(), (this.#prompts.get(head.trim()) ?? 0) + 1);
        const expected = answer.trimEnd();
        const after = line.slice(head.length + expected.length);
        const probe: Probe = { kind, path, line: index + 1, name, prompt: head, expected, after };
        this.#define(subjectOf(probe), place);
        found.push(probe);
        break;
      }
    }
    if (found.length > 0) this.#byFile.push(found);
  }

  /**
   * What can be asked, by file in the order of {@link add}: names defined in one place, beginnings
   * that occur once, and answers that are not in the prompt already.
   */
  candidates(form: QuestionForm): readonly (readonly Probe[])[] {
    return this.#byFile
      .map((probes) =>
        probes.filter(
          (probe) =>
            this.#prompts.get(probe.prompt.trim()) === 1 &&
            typeof this.#places.get(subjectOf(probe)) === 'string' &&
            !givesAway(probe, form),
        ),
      )
      .filter((probes) => probes.length > 0);
  }

  #define(name: string, place: string): void {
    const known = this.#places.get(name);
    if (known === undefined) this.#places.set(name, place);
    else if (known !== place) this.#places.set(name, null);
  }
}

/** What must be defined, or imported, in one place only. */
function subjectOf(probe: Probe): string {
  if (probe.kind !== 'import') return probe.name;
  return `import ${wordedQuestion(probe)?.name ?? probe.prompt}`;
}

/** Whether the question says the answer itself, quotes, case and punctuation apart. */
function givesAway(probe: Probe, form: QuestionForm): boolean {
  const worded = form === 'words' ? wordedQuestion(probe) : null;
  if (form === 'words' && worded === null) return true;
  const said = plain(worded?.question ?? `${probe.path}\n${probe.prompt}`);
  const wanted = plain(worded?.answer ?? probe.expected).trim();
  return wanted === '' || said.includes(wanted);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}\n]+/gu, ' ');
}
