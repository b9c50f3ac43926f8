/** Extracts questions from the lines of one repository, file by file. */

import type { Probe, QuestionForm } from '../protocol/requests/probes.ts';
import { definitionPattern, patternsFor } from './languages.ts';
import { wordedQuestion } from './question.ts';

/** Longer lines are data or generated. */
const longestLine = 300;

/** Collects candidate questions about a repository's files. */
export class Extraction {
  readonly #byFile: Probe[][] = [];
  /** Where each name is defined; null if in several places, which makes it ambiguous. */
  readonly #places = new Map<string, string | null>();
  readonly #prompts = new Map<string, number>();

  /**
   * Adds a file.
   * @param text the whole file, with `\n` line ends.
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
   * The possible questions, by file in the order of {@link add}. Names are defined in one place,
   * prompts occur once, and the prompt does not contain the answer.
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

/** The name that must be defined or imported in one place only. */
function subjectOf(probe: Probe): string {
  if (probe.kind !== 'import') return probe.name;
  return `import ${wordedQuestion(probe)?.name ?? probe.prompt}`;
}

/** Whether the question contains its own answer, apart from quotes, case and punctuation. */
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
