/** Questions that name with `@` what is to be read again for them. */

import { readMentions } from '../../repository/recall/mentioned.ts';
import type { Mentioned } from '../../repository/recall/mentioned.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { RecallResult } from '../../repository/recall/recall.ts';
import { recallMentioned } from '../../repository/recall/recall-mentioned.ts';
import type { MentionedText } from '../../repository/recall/recall-mentioned.ts';
import type { AskParameters } from '../../protocol/requests/ask.ts';
import { suggestMentions } from '../../repository/recall/suggest-mentions.ts';
import type { MentionSuggestion } from '../../protocol/requests/suggest-mentions.ts';
import { longestAnswerTokens } from '../../protocol/requests/ask.ts';
import type {
  QuestionWeight,
  WeighQuestionParameters,
} from '../../protocol/requests/weigh-question.ts';
import { withOpenDocuments } from '../memory/open-documents.ts';
import type { Repository } from '../memory/repository.ts';
import { mentionRoom } from '../prompt/tail-policy.ts';

/** What a question comes with. */
interface MentionContext {
  readonly mentioned?: readonly Mentioned[];
  readonly signal: AbortSignal;
}

/** Takes the marks off a question and the turns before it: the model is asked in plain words. */
export function unmarked(
  { search, resolver }: Pick<Repository, 'search' | 'resolver'>,
  parameters: AskParameters,
): { readonly parameters: AskParameters; readonly mentioned: readonly Mentioned[] } {
  const { question, mentioned } = readMentions(parameters.question, search, resolver);
  const history = parameters.history?.map((turn) => ({
    ...turn,
    question: readMentions(turn.question, search, resolver).question,
  }));
  return {
    parameters: { ...parameters, question, ...(history === undefined ? {} : { history }) },
    mentioned,
  };
}

/**
 * Reads again what a question names, within the working set.
 * @param turn the question as it stands in the tail
 * @throws the signal's reason
 */
export async function readMentioned(
  repository: Repository,
  { question, maxTokens }: Pick<AskParameters, 'question' | 'maxTokens'>,
  { mentioned = [], signal }: MentionContext,
  turn: Int32Array,
): Promise<MentionedText> {
  if (mentioned.length === 0) return { spans: [], tokens: 0, notices: [] };
  const budgetTokens = mentionRoom({
    capacity: repository.tails.chat.capacity,
    questionTokens: turn.length,
    prefixTokens: repository.prefix.length,
    maxTokens,
    recalls: true,
  });
  return recallMentioned({
    question,
    mentioned,
    search: repository.search,
    resolver: repository.resolver,
    budgetTokens,
    countTokens: (path, text) => repository.countTokens(path, text),
    readFile: (path) => repository.readFile(path, signal),
    signal,
  });
}

/** What an `@` may mean, from what was read. */
export function mentionsFor(
  { search, resolver }: Pick<Repository, 'search' | 'resolver'>,
  query: string,
): MentionSuggestion[] {
  const { paths: folders } = resolver.folders;
  return suggestMentions({ files: search.paths, folders, search }, query);
}

/** Counts a question's tokens and those of what it names. @throws the signal's reason */
export function weighQuestion(
  repository: Repository,
  { question, documents = [] }: WeighQuestionParameters,
  signal: AbortSignal,
): Promise<QuestionWeight> {
  return withOpenDocuments(repository, documents, async () => {
    const { search, resolver, formats, tails } = repository;
    const marked = readMentions(question, search, resolver);
    const turn = formats.chat.question(marked.question);
    const parameters = { question: marked.question, maxTokens: longestAnswerTokens };
    const context = { mentioned: marked.mentioned, signal };
    const { tokens, notices } = await readMentioned(repository, parameters, context, turn);
    return {
      questionTokens: turn.length,
      mentionedTokens: tokens,
      capacityTokens: tails.chat.capacity,
      notices: [...notices],
    };
  });
}

/** What was read again because the question names it, before what was found for it. */
export function joined(named: MentionedText, found: RecallResult): RecallResult {
  return {
    spans: [...named.spans, ...found.spans],
    tokens: named.tokens + found.tokens,
    notices: [...named.notices, ...found.notices],
    files: found.files,
  };
}

/** Returns what an answer says of a passage that was read again for it. */
export function withoutText({
  path,
  fromLine,
  toLine,
  tokens,
  signal,
}: RecallResult['spans'][number]): Answer['recalled'][number] {
  return { path, fromLine, toLine, tokens, signal };
}
