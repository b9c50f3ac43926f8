/** Reading a repository into its memory, from wherever an earlier reading was stopped. */

import type { RepositoryFile } from '../../repository/files/listing.ts';
import type { ReadingCost, StreamProgress } from '../../repository/stream/progress-meter.ts';
import { createRepositoryStream } from '../../repository/stream/stream.ts';
import type { RepositoryStream, StreamChunk } from '../../repository/stream/stream.ts';
import { cancelled, isCancellation } from '../core/errors.ts';
import type { Turn } from '../core/scheduler.ts';
import { protectedTokensFor } from '../memory/budget.ts';
import type { Repository } from '../memory/repository.ts';
import { repositoryName } from '../memory/repository.ts';
import { cancellable } from '../native/cancellation.ts';
import type { NativeModelInfo } from '../native/model-info.ts';
import type { LeftOut } from './left-out.ts';

export interface Reading {
  /** False where it was cancelled: the memory then ends at the last whole chunk. */
  readonly complete: boolean;
  /** Without the time that other jobs took in between. */
  readonly milliseconds: number;
}

/** The files that one reading reads. */
interface ReadingOf {
  readonly added: readonly RepositoryFile[] | null;
  readonly leftOut: Pick<LeftOut, 'has'> | null;
}

/** One reading; it holds nothing that the repository does not hold. */
export class Reader {
  readonly #repository: Repository;
  readonly #added: readonly RepositoryFile[] | null;
  readonly #leftOut: ReadingOf['leftOut'];
  readonly #closing = new AbortController();
  readonly #startedAt = performance.now();
  /** Milliseconds that went to other jobs. */
  #elsewhere = 0;

  /**
   * @param added files of the listing that come behind what was read, which is complete; without them
   *   the rest of the listing is read
   * @param leftOut what is not read though it is listed
   */
  constructor(repository: Repository, { added = null, leftOut = null }: Partial<ReadingOf> = {}) {
    this.#repository = repository;
    this.#added = added;
    this.#leftOut = leftOut;
  }

  /**
   * Reads everything that is not read yet, chunk by chunk, and lets more urgent jobs in between. It
   * may be asked about from the first chunk on. Of files that are added, one that is cut off by a
   * cancellation or a failure is not held.
   * @param onProgress hears the numbers before each chunk, and in the end.
   * @throws EngineError `cancelled` where not even one chunk was read; RepositoryError
   *   `repository-changed`; what the addon rejects with.
   */
  async read(turn: Turn, onProgress: (progress: StreamProgress) => void): Promise<Reading> {
    const reading = await this.#read(turn, onProgress);
    const { pins } = this.#repository;
    pins.noteApplied();
    await pins.settle();
    return reading;
  }

  async #read(turn: Turn, onProgress: (progress: StreamProgress) => void): Promise<Reading> {
    const repository = this.#repository;
    const stream = this.#stream();
    try {
      const chunks = stream.chunks();
      for (;;) {
        const next = await upcoming(chunks, turn.signal);
        if (next.done === true) break;
        onProgress(next.value.progress);
        await this.#append(next.value, turn.signal);
        const yieldedAt = performance.now();
        await turn.yield().finally(() => {
          this.#elsewhere += performance.now() - yieldedAt;
        });
      }
      onProgress(stream.progress());
      repository.advance(stream.progress().totalTokens, true);
      return { complete: true, milliseconds: this.#clock() };
    } catch (error) {
      if (this.#added !== null) {
        this.#closing.abort();
        await repository.cutOff();
        if (isCancellation(error)) return { complete: false, milliseconds: this.#clock() };
      }
      if (!isCancellation(error) || repository.report.streamTokens === 0) throw error;
      this.#closing.abort();
      repository.forgetUnread();
      return { complete: false, milliseconds: this.#clock() };
    } finally {
      this.#closing.abort();
    }
  }

  #stream(): RepositoryStream {
    const repository = this.#repository;
    const { listing, formats, model, index, report, roots, budgetTokens, countedTokens } =
      repository;
    const added = this.#added;
    if (added === null) repository.forgetUnread();
    return createRepositoryStream(added ?? listing.files, {
      tokenizer: model,
      layout: formats.layout,
      name: repositoryName(roots),
      prologue: formats.chat.prologue,
      chunkTokens: report.appendCapacity,
      protectedTokens: protectedTokensFor(budgetTokens),
      ...(added === null
        ? {
            ...(countedTokens === null ? {} : { expectedTokens: countedTokens }),
            start: { index, tokens: report.streamTokens },
            cost: readingCost(model.info, budgetTokens),
          }
        : { start: { index, tokens: report.streamTokens, addedTo: listing.files } }),
      signal: this.#closing.signal,
      now: () => this.#clock(),
      leavesOut: (path) => this.#leftOut?.has(path, listing.roots) === true,
      pinRoom: (file, tokens) => repository.pins.roomFor(file, tokens),
      onText: (path, text) => {
        repository.addText(path, text);
      },
      onSkipped: (skipped) => {
        repository.leaveOut(skipped);
      },
    });
  }

  async #append(chunk: StreamChunk, signal: AbortSignal): Promise<void> {
    const { addon, memory, tails } = this.#repository;
    const { tokens, protect, structure, progress } = chunk;
    tails.clear();
    await cancellable(addon, signal, (cancellation) =>
      memory.append(tokens, { protect, structure, cancellation }),
    );
    this.#repository.advance(progress.totalTokens, false);
  }

  /** Milliseconds spent on reading. */
  #clock(): number {
    return performance.now() - this.#startedAt - this.#elsewhere;
  }
}

/**
 * How a token's time grows with the tokens that it attends to: what attending takes beside what the
 * weights take, in operations. The table of tokens is looked up, not multiplied.
 */
export function readingCost(
  info: Pick<NativeModelInfo, 'layers' | 'heads' | 'headSize' | 'embedding'> &
    Pick<NativeModelInfo, 'vocabulary' | 'parameters'>,
  heldTokens: number,
): ReadingCost {
  const { layers, heads, headSize, embedding, vocabulary, parameters } = info;
  const weights = Math.max(parameters - vocabulary * embedding, parameters / 10);
  return { heldTokens, perHeldToken: (2 * layers * heads * headSize) / weights };
}

/** Waits for the next chunk's text, no longer than the signal allows. */
function upcoming(
  chunks: AsyncGenerator<StreamChunk, void, undefined>,
  signal: AbortSignal,
): Promise<IteratorResult<StreamChunk, void>> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(cancelled(signal.reason));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    chunks
      .next()
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener('abort', stop);
      });
  });
}
