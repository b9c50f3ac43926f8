/** Suggests questions about a repository that the bundled model answers: each was tried. */

import { Extraction } from '../../quality/extract.ts';
import type { FormedQuestion } from '../../quality/question-forms.ts';
import { wordForm } from '../../quality/question-forms.ts';
import { wordedQuestion } from '../../quality/question.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';
import { askFormed, isAnswerable } from './answer-reliably.ts';
import { isCancellation } from '../core/errors.ts';
import type { Repository } from '../memory/repository.ts';

/** The number of files to search: a large repository is not read a second time for this. */
const mostFiles = 200;
/** The time for trying questions, in milliseconds; slow machines offer fewer. */
const longestTrialMs = 2_000;
/** The number of questions of each form; the place of a definition is known without the model. */
const wanted = { value: 2, import: 1, file: 1 } as const;

type Form = keyof typeof wanted;

/**
 * Returns at most four questions, the best known names first: values and imports that the model
 * answered as the code states, and a definition that the index has in one place.
 * The caller owns the memory. A cancellation ends the search early.
 */
export async function suggestQuestions(
  repository: Repository,
  signal: AbortSignal,
): Promise<string[]> {
  const suggestions: string[] = [];
  const named = new Set<string>();
  const endsAt = performance.now() + longestTrialMs;
  try {
    const candidates = await findCandidates(repository, signal);
    for (const form of ['value', 'import', 'file'] as const) {
      let found = 0;
      for (const candidate of candidates[form]) {
        if (found >= wanted[form]) break;
        if (named.has(candidate.name)) continue;
        if (form !== 'file') {
          if (performance.now() > endsAt) break;
          if (!(await isAnswered(repository, candidate, signal))) continue;
        }
        suggestions.push(asUsersAsk(candidate));
        named.add(candidate.name);
        found += 1;
      }
    }
  } catch (error) {
    if (!isCancellation(error) && !signal.aborted) throw error;
  }
  return suggestions;
}

/** Of questions that were suggested, those whose names are still there. */
export function stillKnown(
  { search, resolver }: Pick<Repository, 'search' | 'resolver'>,
  suggestions: readonly string[],
): string[] {
  return suggestions.filter((question) => unknownNames(question, search, resolver).length === 0);
}

/** Where a person asks rather than which file. */
function asUsersAsk(formed: FormedQuestion): string {
  return formed.form === 'file' ? `Where is ${formed.name} defined?` : wordForm(formed);
}

async function isAnswered(
  repository: Repository,
  formed: FormedQuestion,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isAnswerable(repository, formed)) return false;
  const answer = await askFormed(
    repository,
    formed,
    { question: wordForm(formed), recall: 'identifiers', maxTokens: 64, seed: 0, temperature: 0 },
    { signal, onText: () => undefined, askedAt: performance.now() },
  );
  return answer !== null && answer.answer !== '';
}

async function findCandidates(
  repository: Repository,
  signal: AbortSignal,
): Promise<Record<Form, FormedQuestion[]>> {
  const extraction = new Extraction();
  const { files } = repository.index;
  const step = Math.max(1, Math.ceil(files.length / mostFiles));
  for (let index = 0; index < files.length; index += step) {
    const path = files[index]?.path ?? '';
    const file = await repository.readFile(path, signal);
    if (file.ok) extraction.add(path, file.text);
  }
  const found: Record<Form, FormedQuestion[]> = { value: [], import: [], file: [] };
  for (const probe of extraction.candidates('words').flat()) {
    const worded = wordedQuestion(probe);
    if (worded === null) continue;
    const form = probe.kind === 'constant' ? 'value' : 'import';
    found[form].push({ form, name: worded.name, parameter: null });
  }
  for (const { kind, name } of extraction.candidates('line').flat()) {
    if (kind !== 'symbol') continue;
    const { occurrences } = repository.search.find(name, 50);
    if (occurrences.filter((place) => place.kind === 'definition').length !== 1) continue;
    found.file.push({ form: 'file', name, parameter: null });
  }
  for (const [form, list] of Object.entries(found)) {
    const rank = ({ name }: FormedQuestion): number =>
      prominence(repository, name, form === 'value');
    list.sort((a, b) => rank(b) - rank(a));
  }
  return found;
}

/**
 * Rates how well known a name is: names used in other files, and values in capitals, rate higher.
 */
function prominence({ search }: Repository, name: string, isValue: boolean): number {
  const uses = Math.min(8, search.find(name, 1).files);
  const telling = name.length >= 5 && name.length <= 28 ? 4 : 0;
  const capitals = /^[A-Z][A-Z\d_]+$/u.test(name);
  // A plain word may be an unrelated name.
  const compound = /[_$]|\p{Ll}\p{Lu}/u.test(name) ? 6 : 0;
  return uses + telling + (capitals ? (isValue ? 8 : -4) : compound);
}
