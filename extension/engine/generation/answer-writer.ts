/** The text of an answer and of the reasoning before it, as tokens are written. */

import { ReasoningStream } from './reasoning.ts';
import type { ReasoningMarks, Split } from './reasoning.ts';
import { TextStream } from './text-stream.ts';

/** What is done with a model's reasoning. */
export interface ReasoningRequest {
  readonly marks: ReasoningMarks;
  /** Whether the prompt has opened the reasoning. */
  readonly opened: boolean;
  /** The reasoning is ended after so many tokens. */
  readonly maxTokens: number;
  /**
   * Receives whole characters as they are written.
   * @returns `stop` to end the reasoning here.
   */
  readonly onText: (piece: string) => 'continue' | 'stop';
}

/** A model's reasoning before an answer. */
export interface Reasoning {
  readonly text: string;
  readonly tokens: number;
  /** Whether it was ended, being too long or repeating itself. */
  readonly cut: boolean;
}

/** Decodes tokens, and separates reasoning from the answer. */
export class AnswerWriter {
  readonly #request: ReasoningRequest | null;
  readonly #onText: (piece: string, text: string) => 'continue' | 'stop';
  readonly #stream = new TextStream();
  readonly #split: ReasoningStream | null;
  #answer = '';
  #answerTokens = 0;
  #reasoning = '';
  #reasoningTokens = 0;
  #cut = false;
  #closed = false;

  /**
   * @param request null: everything is the answer
   * @param onText receives the answer's pieces, and the answer so far
   */
  constructor(
    request: ReasoningRequest | null,
    onText: (piece: string, text: string) => 'continue' | 'stop',
  ) {
    this.#request = request;
    this.#onText = onText;
    this.#split = request === null ? null : new ReasoningStream(request.marks, request.opened);
  }

  /** The answer so far. */
  get text(): string {
    return this.#answer;
  }

  /** Tokens of the answer so far. */
  get answerTokens(): number {
    return this.#answerTokens;
  }

  /** The reasoning so far; null if there is none. */
  get reasoning(): Reasoning | null {
    const text = this.#reasoning.trim();
    if (text === '') return null;
    return { text, tokens: this.#reasoningTokens, cut: this.#cut };
  }

  /** The text of a control token that may belong to a mark here; null for any other token. */
  textOf(token: number): Uint8Array | null {
    if (this.#request === null || this.#split?.answering === true) return null;
    return this.#request.marks.spoken.get(token) ?? null;
  }

  /**
   * Takes the next token's bytes.
   * @returns whether the text ends here, and the tokens that must follow.
   */
  push(bytes: Uint8Array): { readonly stops: boolean; readonly forced: readonly number[] } {
    const before = this.#split?.reasoning === true;
    const piece = this.#stream.push(bytes);
    const { next, wanted } = this.#add(
      this.#split?.push(piece) ?? { reasoning: '', answer: piece },
    );
    const within = this.#split?.reasoning === true;
    if (!before && !within) this.#answerTokens += 1;
    else if (!this.#closed) this.#reasoningTokens += 1;
    const most = this.#request?.maxTokens ?? 0;
    const closes = within && !this.#closed && (!wanted || this.#reasoningTokens >= most);
    this.#cut ||= closes;
    return { stops: next === 'stop', forced: closes ? this.close() : [] };
  }

  /** Returns the tokens that end the reasoning, once; none if the text is not inside it. */
  close(): readonly number[] {
    if (this.#request === null || this.#split?.reasoning !== true || this.#closed) return [];
    this.#closed = true;
    return [...this.#request.marks.closeTokens];
  }

  /** Takes the end of the text. */
  end(): void {
    const piece = this.#stream.end();
    const split = this.#split;
    if (split === null) {
      this.#add({ reasoning: '', answer: piece });
    } else {
      this.#add(split.push(piece));
      this.#add(split.end());
    }
  }

  #add({ reasoning, answer }: Split): { next: 'continue' | 'stop'; wanted: boolean } {
    let wanted = true;
    let next: 'continue' | 'stop' = 'continue';
    if (reasoning !== '') {
      this.#reasoning += reasoning;
      wanted = this.#request?.onText(reasoning) !== 'stop';
    }
    if (answer !== '') {
      this.#answer += answer;
      next = this.#onText(answer, this.#answer);
    }
    return { next, wanted };
  }
}
