/** The chat: the session's panel, the conversation and the ask box. */

import { z } from 'zod';
import { summaryOf } from '../../extension/protocol/webview.ts';
import { element, fill } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { isComposing } from '../common/keys.ts';
import { AskBox } from './ask-box.ts';
import { bundledNotice } from './bundled-notice.ts';
import { initialChatState, isBusy, reduceChat } from './chat-state.ts';
import type { ChatState } from './chat-state.ts';
import { readToChat } from './incoming.ts';
import { keepFocus } from './keep-focus.ts';
import { LiveRegion } from './live-region.ts';
import { SessionPanel } from './session-panel.ts';
import { memorySummary, noticeList, readingActions } from './summary.ts';
import { TurnList } from './turn-list.ts';

/** What the view keeps while hidden; the extension keeps the conversation. */
const keptSchema = z.object({ draft: z.string(), summaryOpen: z.boolean() });

/** Within this distance from its end, in pixels, a growing list keeps scrolling. */
const followDistance = 40;

/** The view's elements, updated to its state. */
export class Chat {
  readonly #host: Host;
  readonly #kept: z.infer<typeof keptSchema>;
  readonly #header = element('div', { class: 'header' });
  readonly #panel = element('div', { class: 'panel-slot' });
  readonly #scroller = element('main', { class: 'scroller' });
  readonly #live = new LiveRegion();
  readonly #sessionPanel: SessionPanel;
  readonly #turns: TurnList;
  readonly #askBox: AskBox;
  #state: ChatState = initialChatState;
  #drawn: ChatState | null = null;
  /** The content of the header, as JSON. */
  #headerKey: string | null = null;
  /** Whether a question was sent whose turn has not arrived yet. */
  #asked = false;
  /** Whether the end of the conversation stays visible. */
  #following = true;
  #frame = 0;

  /** Fills the page and requests its content. */
  constructor(host: Host, root: HTMLElement) {
    this.#host = host;
    this.#kept = host.restore(keptSchema, { draft: '', summaryOpen: false });
    this.#sessionPanel = new SessionPanel(this.#panel, host);
    this.#askBox = this.#createAskBox();
    this.#turns = new TurnList({
      host,
      onAskAgain: (question) => {
        this.#askBox.ask(question);
      },
      onFocusLost: () => {
        this.#askBox.focus();
      },
    });
    this.#scroller.append(this.#turns.root);
    this.#scroller.addEventListener('scroll', () => {
      this.#following = this.#isAtEnd();
    });
    new ResizeObserver(() => {
      this.#follow();
    }).observe(this.#scroller);
    root.append(this.#header, this.#panel, this.#scroller, this.#askBox.root, this.#live.root);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !isComposing(event) && this.#busy) this.#stop();
    });
    window.addEventListener('focus', () => {
      this.#focusAskBox();
    });
    this.#focusAskBox();
    host.listenToAll((message) => {
      this.#receive(message);
    });
    host.post({ type: 'loaded' });
  }

  get #busy(): boolean {
    return this.#asked || isBusy(this.#state);
  }

  #createAskBox(): AskBox {
    return new AskBox(
      {
        onAsk: (question) => {
          this.#asked = true;
          this.#host.post({ type: 'ask', question });
          this.#schedule();
        },
        onStop: () => {
          this.#stop();
        },
        onDraft: (draft) => {
          this.#keep({ draft });
        },
        onSuggest: (query) => {
          this.#host.post({ type: 'suggest', query });
        },
        onDrop: (uris) => {
          this.#host.post({ type: 'drop', uris });
        },
        onWeigh: (question) => {
          // A memory knows how long a question is.
          if (summaryOf(this.#state.session) !== null) this.#host.post({ type: 'weigh', question });
        },
        earlier: () => this.#state.turns.map(({ question }) => question),
      },
      this.#kept.draft,
    );
  }

  #stop(): void {
    this.#asked = false;
    this.#host.act('stop');
    this.#schedule();
  }

  /** Focuses the ask box unless something else has the focus. */
  #focusAskBox(): void {
    const { activeElement } = document;
    const nowhere = activeElement === null || activeElement === document.body;
    if (document.hasFocus() && nowhere) this.#askBox.focus();
  }

  #receive(raw: unknown): void {
    const { message, faults } = readToChat(raw);
    for (const fault of faults) this.#host.fault(fault);
    if (message === null) return;
    if (message.type === 'focus') this.#askBox.focus();
    if (message.type === 'selection') this.#askBox.weight.again();
    if (message.type === 'weight') this.#askBox.weight.show(message.question, message.weight);
    if (message.type === 'suggestions')
      this.#askBox.completion.suggest(message.query, message.items);
    if (message.type === 'dropped') this.#askBox.insert(message.text, message.hint);
    if (message.type === 'turn' || message.type === 'conversation') this.#asked = false;
    if (message.type === 'conversation') {
      this.#live.skip(message.turns);
      this.#following = true;
    }
    const before = summaryOf(this.#state.session);
    this.#state = reduceChat(this.#state, message);
    if (before === null && summaryOf(this.#state.session) !== null) this.#askBox.weight.again();
    if (message.type === 'draft') {
      this.#drawAskBox();
      this.#askBox.begin(message.text);
    }
    this.#schedule();
  }

  /** Draws once per frame, however many messages arrive. */
  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Draws what has changed; a part that fails does not affect the others. */
  #draw(): void {
    const { session, turns } = this.#state;
    const before = this.#drawn;
    this.#drawn = this.#state;
    const begun = turns.length > 0;
    const drawSession = (): void => {
      if (before?.session !== session) {
        this.#host.attempt('Showing the session', () => {
          this.#sessionPanel.update(session);
        });
      }
      if (before?.session !== session || before.turns.length > 0 !== begun) {
        this.#host.attempt('Showing the summary', () => {
          this.#drawHeader();
        });
      }
    };
    keepFocus([this.#header, this.#panel], drawSession, () => {
      this.#askBox.focus();
    });
    this.#turns.update(turns, session);
    this.#host.attempt('Announcing', () => {
      this.#live.keepOnly(new Set(turns.map(({ id }) => id)));
      for (const turn of turns) this.#live.follow(turn);
    });
    this.#drawAskBox();
    this.#following ||= turns.length > (before?.turns.length ?? 0);
    this.#follow();
  }

  #drawAskBox(): void {
    const { session, turns } = this.#state;
    this.#askBox.update({
      busy: this.#busy,
      waiting: turns.at(-1)?.status.kind === 'waiting',
      enabled: session.kind !== 'no-folder',
    });
  }

  #drawHeader(): void {
    const { session } = this.#state;
    const summary = summaryOf(session);
    // Progress of a reading beside this memory must not move the focus.
    const folding = this.#state.turns.length > 0;
    const key = JSON.stringify([summary, folding, session.kind]);
    if (key === this.#headerKey) return;
    this.#headerKey = key;
    if (summary === null) {
      fill(this.#header);
      return;
    }
    // Fold the notices once there is a conversation, unless the reading is incomplete.
    const folded = folding && summary.complete;
    const line = memorySummary(summary, {
      host: this.#host,
      foldNotices: folded,
      open: this.#kept.summaryOpen,
      onToggle: (open) => {
        this.#keep({ summaryOpen: open });
      },
    });
    const { alert, outdated, notices } = summary;
    const shown = [alert, outdated, ...(folded ? [] : notices)].filter((text) => text !== null);
    fill(
      this.#header,
      line,
      bundledNotice(summary, this.#host),
      noticeList(shown),
      session.kind === 'ready' ? readingActions(summary, this.#host) : null,
    );
  }

  #follow(): void {
    if (!this.#following) return;
    // The start of a conversation and passages are read from their top.
    const last = this.#state.turns.at(-1);
    const passages = last?.status.kind === 'done' && last.status.result.kind === 'passages';
    const view = passages ? this.#turns.rootOf(last.id) : undefined;
    if (view === undefined) {
      this.#scroller.scrollTop = this.#turns.empty ? 0 : this.#scroller.scrollHeight;
    } else {
      const { top } = this.#scroller.getBoundingClientRect();
      this.#scroller.scrollTop += view.getBoundingClientRect().top - top;
    }
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    return scrollTop + clientHeight >= scrollHeight - followDistance;
  }

  #keep(change: Partial<z.infer<typeof keptSchema>>): void {
    Object.assign(this.#kept, change);
    this.#host.keep(this.#kept);
  }
}
