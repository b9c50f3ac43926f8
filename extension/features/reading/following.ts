/** When changed files are followed: after a burst of changes, one following at a time. */

import { isCode } from '../../engine-client/is-code.ts';
import type { FollowParameters, FollowResult } from '../../protocol/requests/follow.ts';

export interface FollowingOptions {
  /** null where no memory is there to be followed for. */
  readonly follow: (
    parameters: FollowParameters,
    signal: AbortSignal,
  ) => Promise<FollowResult | null>;
  /** Called when the number of files that are not followed may be another. */
  readonly onChange: () => void;
  /** Called where this memory cannot be made to follow, with the paths that it did not follow. */
  readonly onRefused: (error: unknown, paths: ReadonlySet<string> | null) => void;
  /** Milliseconds without a change before they are followed, and the longest that they wait. */
  readonly quietMs: number;
  readonly longestMs: number;
}

/** Collects what has changed, by absolute paths, and follows it. */
export class Following {
  readonly #options: FollowingOptions;
  /** null: anything may have changed. */
  #told: Set<string> | null = new Set();
  #toldSince: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #running: AbortController | null = null;
  #pending: readonly string[] = [];
  #followable = true;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /** Paths of the files that changed and are not followed unasked. */
  get pending(): readonly string[] {
    return this.#pending;
  }

  /** Whether they could be followed if that were asked for. */
  get followable(): boolean {
    return this.#followable;
  }

  /** These have changed; null: anything may have. */
  tell(paths: readonly string[] | null): void {
    if (paths === null) this.#told = null;
    else for (const path of paths) this.#told?.add(path);
    const now = performance.now();
    this.#toldSince ??= now;
    const wait = Math.min(this.#options.quietMs, this.#toldSince + this.#options.longestMs - now);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#begin(), Math.max(0, wait));
  }

  /**
   * Follows at once, however long it takes, whatever has changed.
   * @returns whether it did
   * @throws what the engine's client rejects with
   */
  async followAll(signal: AbortSignal): Promise<boolean> {
    const result = await this.#options.follow({ paths: null, always: true }, signal);
    const isFollowed = typeof result?.followed.pendingSeconds === 'number';
    if (result !== null && isFollowed) this.#take(result);
    return isFollowed;
  }

  /** There is another memory, or none: what was told so far is no matter. */
  reset(): void {
    this.#stop();
    this.#told = new Set();
    this.#pending = [];
    this.#followable = true;
  }

  /** Follows nothing more. */
  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#toldSince = null;
    this.#running?.abort();
    this.#running = null;
  }

  async #begin(): Promise<void> {
    this.#timer = null;
    this.#toldSince = null;
    // What comes while one is followed is followed after it.
    if (this.#running !== null) return;
    const told = this.#takeTold();
    const running = new AbortController();
    this.#running = running;
    let isLeft = false;
    try {
      const paths = told === null ? null : [...told];
      const result = await this.#options.follow({ paths, always: false }, running.signal);
      if (this.#running !== running) return;
      isLeft = result === null || (result.opened === null && result.pending.length > 0);
      if (result !== null) this.#take(result);
    } catch (error) {
      if (this.#running !== running) return;
      isLeft = isCode(error, 'cancelled');
      if (!isLeft) this.#options.onRefused(error, told);
    }
    this.#running = null;
    const meanwhile = this.#takeTold();
    // What is left goes together with what changes next.
    const left = isLeft ? told : new Set<string>();
    this.#told = left === null || meanwhile === null ? null : new Set([...left, ...meanwhile]);
    if (meanwhile === null || meanwhile.size > 0) this.tell([]);
  }

  /** What was told and is not followed yet; null: anything. */
  #takeTold(): Set<string> | null {
    const told = this.#told;
    this.#told = new Set();
    return told;
  }

  #take({ pending, followed }: FollowResult): void {
    this.#pending = pending;
    this.#followable = followed.pendingSeconds !== null;
    this.#options.onChange();
  }
}
