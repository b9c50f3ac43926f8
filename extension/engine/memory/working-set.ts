/** What the readers behind a memory may take: the chat, completions, and measuring. */

import { defaultWorkingTokens, leastWorkingTokens } from '../../protocol/working-set.ts';
import type { NativeMemory } from '../native/contract.ts';
import { chunkTokensFor } from './chunk-tokens.ts';
import { PromptWindow } from '../prompt/prompt-window.ts';
import { Tail } from './tail.ts';

/** Of the trained context: the rest is the memory's. */
const contextShare = 3 / 8;
const mostCompletion = 1024;
const mostMeasuring = 512;

/** In tokens. */
export interface WorkingSet {
  readonly chat: number;
  readonly completion: number;
  readonly measuring: number;
  /** Behind the memory's rows: a chunk that is read, or the chat. */
  readonly rows: number;
  /** All together, as the promise about bytes counts them. */
  readonly total: number;
}

/**
 * Shares out the working tokens: a third each, but no more than completions and measuring use; the
 * rest is the chat's.
 * @param wanted as the user chose, null for the default; bounded by three eighths of the trained context, but never below
 *   {@link leastWorkingTokens}
 */
export function workingSet(wanted: number | null, trainedContext: number): WorkingSet {
  const most = Math.floor(trainedContext * contextShare);
  const tokens = Math.max(leastWorkingTokens, Math.min(wanted ?? defaultWorkingTokens, most));
  const completion = Math.min(mostCompletion, Math.floor(tokens / 3));
  const measuring = Math.min(mostMeasuring, Math.floor(tokens / 3));
  const chat = tokens - completion - measuring;
  const rows = Math.max(chat, chunkTokensFor(trainedContext));
  return { chat, completion, measuring, rows, total: rows + completion + measuring };
}

/** The rows of each tail, as `NativeModel.createMemory` takes them: the chat's is the first. */
export function tailRows({ chat, completion, measuring }: WorkingSet): readonly number[] {
  return [chat, completion, measuring];
}

/** The tails of one memory. */
export class Tails {
  readonly chat: Tail;
  readonly completion: Tail;
  readonly measuring: Tail;
  /** Of the prompts in the tail for completions. */
  readonly window = new PromptWindow();

  constructor(memory: NativeMemory) {
    this.chat = new Tail(memory, 0);
    this.completion = new Tail(memory, 1);
    this.measuring = new Tail(memory, 2);
  }

  /** Forgets what they hold: the memory in front of them is about to change. */
  clear(): void {
    for (const tail of [this.chat, this.completion, this.measuring]) tail.cut(0);
  }
}
