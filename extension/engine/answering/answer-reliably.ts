/**
 * Decides which answers are the model's words. A question whose names all occur nowhere is put to
 * no model, which would invent an answer. The bundled model has four million parameters and knows a
 * few kinds of questions: only these are put to it, and its answer is shown only if the given code
 * states exactly that. All other questions are answered with passages.
 */

import { questionTerms } from '../../repository/recall/question-terms.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { AskParameters } from '../../protocol/requests/ask.ts';
import { recogniseForm, wordForm } from '../../quality/question-forms.ts';
import type { FormedQuestion } from '../../quality/question-forms.ts';
import { statedAt } from '../../quality/stated-answer.ts';
import { ask } from './ask.ts';
import type { AskContext } from './ask.ts';
import { unmarked } from './marked-question.ts';
import { answerWithPassages } from './passages.ts';
import { withOpenDocuments } from '../memory/open-documents.ts';
import type { Repository } from '../memory/repository.ts';

/** Values and modules are short. */
const longestAnswer = 64;

/**
 * Answers a question in the model's words where they can be relied on, unless the caller wants them
 * anyway. What is read again is what open editors show.
 * @throws as {@link ask} does.
 */
export function answer(
  repository: Repository,
  bundled: boolean,
  parameters: AskParameters,
  context: AskContext,
): Promise<Answer> {
  return withOpenDocuments(repository, parameters.documents ?? [], async () => {
    const marked = unmarked(repository, parameters);
    const { mentioned } = marked;
    const said = await answerNow(repository, bundled, marked.parameters, { ...context, mentioned });
    return { ...said, question: parameters.question };
  });
}

function answerNow(
  repository: Repository,
  bundled: boolean,
  parameters: AskParameters,
  context: AskContext,
): Promise<Answer> {
  const { mode, question } = parameters;
  if (mode === 'always') return ask(repository, parameters, context);
  const nothingNamed = context.mentioned === undefined || context.mentioned.length === 0;
  if (mode === 'passages' || (nothingNamed && namesOnlyUnknown(repository, question))) {
    return answerWithPassages(repository, question, context);
  }
  return bundled
    ? answerReliably(repository, parameters, context)
    : ask(repository, parameters, context);
}

/** Returns whether a question contains names, none of which occurs in what was read. */
export function namesOnlyUnknown(
  { search, resolver }: Pick<Repository, 'search' | 'resolver'>,
  question: string,
): boolean {
  const unknown = new Set(unknownNames(question, search, resolver));
  if (unknown.size === 0) return false;
  const mentions = resolver.mentions(question);
  if (mentions.length > 0) return false;
  return questionTerms(question, mentions)
    .filter(({ kind }) => kind === 'identifier' || kind === 'quoted')
    .every(({ text }) => search.find(text, 1).files === 0);
}

/**
 * Answers a question in the model's words if they are reliable, else with passages. The caller owns
 * the memory, whose tail is empty before and after.
 * @throws as {@link ask} does.
 */
async function answerReliably(
  repository: Repository,
  parameters: AskParameters,
  context: AskContext,
): Promise<Answer> {
  const formed = recogniseForm(parameters.question);
  if (formed !== null && isAnswerable(repository, formed)) {
    const stated = await askFormed(repository, formed, parameters, context);
    if (stated !== null) {
      context.onText(stated.answer);
      return stated;
    }
  }
  return answerWithPassages(repository, parameters.question, context);
}

/**
 * Returns whether the model can answer a question of this form about code outside its training:
 * values of names that are defined once, and modules of imported names. `npm run quality:bundled`
 * measures this.
 */
export function isAnswerable(
  { search }: Pick<Repository, 'search'>,
  { form, name }: FormedQuestion,
): boolean {
  if (form !== 'value' && form !== 'import') return false;
  const kind = form === 'value' ? 'definition' : 'import';
  const found = search.find(name, 2).occurrences.filter((occurrence) => occurrence.kind === kind);
  return form === 'value' ? found.length === 1 : found.length >= 1;
}

/** Returns the model's answer if the given lines state it, else null. */
export async function askFormed(
  repository: Repository,
  formed: FormedQuestion,
  parameters: AskParameters,
  context: AskContext,
): Promise<Answer | null> {
  const { question } = parameters;
  const said = await ask(
    repository,
    {
      ...parameters,
      question: wordForm(formed),
      history: [],
      // The names are known to occur; the attention of such a small model says less.
      recall: 'identifiers',
      maxTokens: Math.min(parameters.maxTokens, longestAnswer),
      temperature: 0,
    },
    // A whole file beside the right lines is more than such a small model can read.
    { ...context, onText: () => undefined, mentioned: [] },
  );
  if (said.stopReason === 'cancelled') return { ...said, question, answer: '', citations: [] };
  if (said.stopReason !== 'end') return null;
  for (const { path, fromLine, toLine } of said.recalled) {
    const read = await repository.readFile(path, context.signal);
    if (!read.ok) continue;
    const lines = read.text.split('\n').slice(fromLine - 1, toLine);
    const at = statedAt(formed, said.answer, lines);
    if (at === null) continue;
    return { ...said, question, citations: [{ path, line: fromLine + at }] };
  }
  return null;
}
