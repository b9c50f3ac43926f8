/** What the map is told, and how often: it follows the memory, twice a second at most. */

import type { EngineSession } from '../../engine-client/session.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { FileShare } from '../../protocol/file-share.ts';
import { retentionRequest } from '../../protocol/requests/retention.ts';
import type { SessionView, ToMap } from '../../protocol/webview.ts';
import type { ShownChoices } from '../host/feature.ts';

export interface MapFeedOptions {
  readonly session: Pick<EngineSession, 'state' | 'consult'>;
  readonly sessionView: () => SessionView;
  /** Paths of files that have changed since they were read, as the engine names them. */
  readonly changed: () => readonly string[];
  /** What the user has said of files. */
  readonly choices: () => ShownChoices;
  /** Whether the page is there to hear anything. */
  readonly listens: () => boolean;
  readonly post: (message: ToMap) => void;
}

/** Between two messages of the same kind, in milliseconds. */
const pauseMs = 500;
/** A larger memory is looked at more seldom while it is read, so that looking takes one percent of it. */
const tokensPerMs = 4_000;

const none: readonly FileShare[] = [];

/** At most one message under way; what happens meanwhile is told with the next. */
export class MapFeed {
  readonly #options: MapFeedOptions;
  #timer: NodeJS.Timeout | null = null;
  #waiting = false;
  #looking = false;
  #told: { readonly files: readonly FileShare[]; readonly marks: string } | null = null;

  /** @param options what it looks at and whom it tells */
  constructor(options: MapFeedOptions) {
    this.#options = options;
  }

  /** Everything, for a page that has just loaded. */
  snapshot(): ToMap {
    const message = this.#map(memoryOf(this.#options.session.state)?.files ?? none);
    if (this.#tokensOfFirst() > 0) this.update();
    return message;
  }

  /** Something happened: tells what is different, now or as soon as it may. */
  update(): void {
    if (!this.#options.listens()) return;
    if (this.#timer !== null || this.#looking) {
      this.#waiting = true;
      return;
    }
    this.#waiting = false;
    const tokens = this.#tokensOfFirst();
    if (tokens > 0) void this.#look(tokens);
    else {
      this.#tell(memoryOf(this.#options.session.state)?.files ?? none);
      this.#pause(pauseMs);
    }
  }

  /** Tells nothing more. */
  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Tokens of a first reading so far; 0 where another memory answers, or nothing is read. */
  #tokensOfFirst(): number {
    const { state } = this.#options.session;
    if (state.kind !== 'reading' || state.result !== null) return 0;
    return state.progress?.phase === 'reading' ? state.progress.tokens : 0;
  }

  /** Tells what is held of a memory that is being read. */
  async #look(tokens: number): Promise<void> {
    const { session, listens } = this.#options;
    this.#looking = true;
    try {
      const { files } = await session.consult((client) =>
        client.request(retentionRequest, { path: null, heads: false }),
      );
      if (session.state.kind === 'reading' && listens()) this.#tell(files);
    } catch {
      // There is nothing to tell yet, or nothing any more: the next state says so.
    } finally {
      this.#looking = false;
      this.#pause(Math.max(pauseMs, tokens / tokensPerMs));
    }
  }

  #pause(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#waiting) this.update();
    }, milliseconds);
  }

  /** All files where they are others than before, otherwise only what the session is in. */
  #tell(files: readonly FileShare[]): void {
    const { post, sessionView } = this.#options;
    const same = this.#told?.files === files && this.#told.marks === this.#marks();
    post(same ? { type: 'session', session: sessionView() } : this.#map(files));
  }

  #map(files: readonly FileShare[]): ToMap {
    const { sessionView, changed, choices } = this.#options;
    this.#told = { files, marks: this.#marks() };
    return {
      type: 'map',
      session: sessionView(),
      files: [...files],
      changed: [...changed()],
      ...choices(),
    };
  }

  /** What is said of files beside their shares, as text. */
  #marks(): string {
    const { changed, choices } = this.#options;
    return JSON.stringify([changed(), choices()]);
  }
}
