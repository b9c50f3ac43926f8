/**
 * Answers one question from a memory: the question's attention selects what to read again from
 * disk; this text and the question form the prompt in the tail, after the earlier conversation.
 */

import { findCitations } from '../../repository/recall/citations.ts';
import type { Mentioned } from '../../repository/recall/mentioned.ts';
import { recall } from '../../repository/recall/recall.ts';
import type { RecallResult } from '../../repository/recall/recall.ts';
import type { MentionedText } from '../../repository/recall/recall-mentioned.ts';
import { unknownNames } from '../../repository/recall/unknown-names.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { AskParameters } from '../../protocol/requests/ask.ts';
import { cancellable } from '../native/cancellation.ts';
import { generate, tokensPerSecond } from '../generation/generate.ts';
import type { NativeCancellation, NativeSampler } from '../native/contract.ts';
import { answerRepetition, RepetitionDetector } from '../generation/repetition.ts';
import type { Repetition } from '../generation/repetition.ts';
import type { Repository } from '../memory/repository.ts';
import { inventionNotices } from './invented.ts';
import { joined, readMentioned, withoutText } from './marked-question.ts';
import { attentionBaseline, attentionOf } from './question-attention.ts';
import { attended, leastTail, shareTail } from '../prompt/tail-policy.ts';
import type { Past } from '../prompt/transcript.ts';
import { markTokens } from '../prompt/code-marks.ts';
import { concatenate, textOf } from '../prompt/tokens.ts';
import { isAnswerAlone, reasoningField, reasoningRequest } from './thinking.ts';
import { lengthNotices, stopped, trimmed, unseenNotices } from './written.ts';
import type { Written } from './written.ts';

export interface AskContext {
  readonly signal: AbortSignal;
  /**
   * Receives the answer as it is written, in whole characters; before it, with an empty text, the
   * names in the question that occur nowhere in what was read, and what the model writes for itself.
   */
  readonly onText: (text: string, unknownNames?: readonly string[], reasoning?: string) => void;
  /** The time of the user's question, as `performance.now()`. */
  readonly askedAt: number;
  /** What the question names to be read again first; absent: nothing. */
  readonly mentioned?: readonly Mentioned[];
}

/**
 * Answers a question. The caller owns the memory; its tail for the chat keeps what was written.
 * @throws EngineError `question-too-long`; `cancelled` before the first token; what the addon
 *   rejects with.
 */
export async function ask(
  repository: Repository,
  parameters: AskParameters,
  context: AskContext,
): Promise<Answer> {
  const { addon, model } = repository;
  const sampler = model.createSampler({
    temperature: parameters.temperature,
    topK: 40,
    topP: 0.95,
    minP: 0.05,
    repeatPenalty: 1,
    repeatLast: 64,
    seed: parameters.seed,
  });
  try {
    return await cancellable(addon, context.signal, (cancellation) =>
      new Asking(repository, parameters, context, cancellation).answer(sampler),
    );
  } finally {
    sampler.dispose();
  }
}

/** The steps of one answer; each stops when cancelled. */
class Asking {
  readonly #repository: Repository;
  readonly #parameters: AskParameters;
  readonly #context: AskContext;
  readonly #cancellation: NativeCancellation;
  #unknown: readonly string[] = [];

  constructor(
    repository: Repository,
    parameters: AskParameters,
    context: AskContext,
    cancellation: NativeCancellation,
  ) {
    this.#repository = repository;
    this.#parameters = parameters;
    this.#context = context;
    this.#cancellation = cancellation;
  }

  async answer(sampler: NativeSampler): Promise<Answer> {
    const { tails, formats, prefix, transcript, model } = this.#repository;
    const { question, maxTokens, recall: mode, history = [] } = this.#parameters;
    this.#findUnknown(question);
    const turn = formats.chat.question(question);
    const { capacity } = tails.chat;
    const named = await readMentioned(this.#repository, this.#parameters, this.#context, turn);
    const wanted = {
      questionTokens: turn.length + named.tokens,
      prefixTokens: prefix.length,
      maxTokens,
      recalls: mode !== 'off' || named.spans.length > 0,
    };
    let past = transcript.past(history, { capacity, needed: leastTail(wanted) });
    const shares = shareTail({ capacity: capacity - past.tokens.length, ...wanted });
    const recalled = await this.#recall(turn, shares.recallTokens, named);
    // A follow-up without its own findings uses what was read again before.
    const source =
      recalled.spans.length === 0 && past.attended !== null
        ? past.attended
        : attended(recalled.spans.length);
    if (past.attended !== null && past.attended !== source) {
      past = transcript.plain(history, past.tokens.length);
    }
    const asked = this.#prompt(past, turn, recalled, source);
    const { reasoning } = formats.chat;
    const prompt = concatenate(asked, reasoning?.opening ?? new Int32Array());
    const attendMemory = source !== 'recalled';
    const reusedTokens = await tails.chat.hold(prompt, {
      attendMemory,
      cancellation: this.#cancellation,
    });
    const detector = new RepetitionDetector(answerRepetition);
    const looping: { found: Repetition | null } = { found: null };
    const generation = await generate({
      model,
      tail: tails.chat,
      sampler,
      attendMemory,
      promptTokens: prompt.length,
      maxTokens,
      stopTokens: markTokens(model),
      reasoning: reasoningRequest(reasoning, capacity - prompt.length, (piece) => {
        this.#context.onText('', [], piece);
      }),
      signal: this.#context.signal,
      cancellation: this.#cancellation,
      onText: (piece) => {
        this.#context.onText(piece);
        looping.found = detector.push(piece);
        return looping.found === null ? 'continue' : 'stop';
      },
    });
    const written = looping.found === null ? generation : stopped(generation, looping.found);
    const answer = trimmed(written.text);
    // Do not continue from text that repeats itself or lost its middle.
    if (written.stopReason !== 'repetition' && generation.evictedTokens === 0) {
      // Nor from reasoning: only the answer is part of the conversation.
      const tokens = isAnswerAlone(reasoning, generation)
        ? Int32Array.from(generation.tokens)
        : model.tokenize(answer, { special: false });
      transcript.keep(history, { question, answer }, concatenate(asked, tokens), source);
    }
    const { turns: seenTurns } = past;
    return this.#result(written, recalled, { source, prompt, reusedTokens, seenTurns });
  }

  /** Reports names that occur nowhere before the answer, which cannot be about them. */
  #findUnknown(question: string): void {
    const { search, resolver } = this.#repository;
    this.#unknown = unknownNames(question, search, resolver);
    if (this.#unknown.length > 0) this.#context.onText('', this.#unknown);
  }

  /** Selects what to read again, by the signals that the caller chose. */
  async #recall(
    turn: Int32Array,
    budgetTokens: number,
    named: MentionedText,
  ): Promise<RecallResult> {
    const { recall: mode, question } = this.#parameters;
    const repository = this.#repository;
    const { signal } = this.#context;
    if (mode === 'off') return { ...named, files: null };
    const observes = mode === 'attention' || mode === 'both';
    const observe = { repository, cancellation: this.#cancellation };
    const attention = observes ? await attentionOf(turn, observe) : null;
    const more = await recall({
      question,
      mode,
      index: repository.index,
      attention,
      attentionBaseline: observes ? await attentionBaseline(observe) : null,
      search: repository.search,
      resolver: repository.resolver,
      budgetTokens,
      countTokens: (path, text) => repository.countTokens(path, text),
      readFile: (path) => repository.readFile(path, signal),
      taken: named.spans,
      signal,
    });
    return joined(named, more);
  }

  /**
   * Makes the content of the tail. Recalled text has the form of files in the stream, with the best
   * nearest to the question; if the model sees nothing else, the prompt opens like a stream.
   */
  #prompt(
    past: Past,
    turn: Int32Array,
    recalled: RecallResult,
    source: Answer['attended'],
  ): Int32Array {
    const { layout } = this.#repository.formats;
    const spans = recalled.spans
      .toReversed()
      .flatMap(({ path, text }) => [layout.fileHeader(path), layout.content(text)]);
    // A continued conversation already has its opening.
    const opens = source === 'recalled' && past.attended === null;
    const opening = opens ? [this.#repository.prefix] : [];
    return concatenate(...opening, past.tokens, ...spans, turn);
  }

  async #result(
    generation: Written,
    recalled: RecallResult,
    prompted: {
      readonly source: Answer['attended'];
      readonly prompt: Int32Array;
      readonly reusedTokens: number;
      readonly seenTurns: number;
    },
  ): Promise<Answer> {
    const repository = this.#repository;
    const { question, history = [] } = this.#parameters;
    const answer = trimmed(generation.text);
    // A stopped answer keeps its text, so its sources are still looked up.
    const signal = new AbortController().signal;
    const { citations, mentions } = await findCitations({
      question,
      answer,
      recalled: recalled.spans,
      resolver: repository.resolver,
      readFile: (path) => repository.readFile(path, signal),
    });
    return {
      question,
      kind: 'text',
      answer,
      passages: [],
      citations,
      recalled: recalled.spans.map(withoutText),
      recalledShare: recalled.tokens / repository.tails.chat.capacity,
      attended: prompted.source,
      ...(recalled.files === null ? {} : { attention: [...recalled.files] }),
      promptTokens: prompted.prompt.length,
      reusedTokens: prompted.reusedTokens,
      earlierTurns: history.length,
      seenTurns: prompted.seenTurns,
      outputTokens: generation.outputTokens,
      ...reasoningField(generation),
      firstTokenMs: (generation.firstTokenAt ?? performance.now()) - this.#context.askedAt,
      tokensPerSecond: tokensPerSecond(generation),
      stopReason: generation.stopReason,
      mentions,
      unknownNames: this.#unknown,
      notices: [
        ...unseenNotices(prompted.seenTurns, history.length),
        ...recalled.notices,
        ...inventionNotices(answer, {
          search: repository.search,
          resolver: repository.resolver,
          asked: [question, ...history.map((turn) => turn.question)],
          answered: history.map((turn) => turn.answer),
          seen: prompted.source === 'recalled' ? textOf(repository.model, prompted.prompt) : null,
        }),
        ...lengthNotices(generation),
        ...repository.incompleteness(),
      ],
    };
  }
}
