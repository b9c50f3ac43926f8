/** The chat: the session's panel, the conversation and the ask box. */

import { z } from 'zod';
import { toChatSchema } from '../../extension/protocol/webview.ts';
import type { ToChat, Turn } from '../../extension/protocol/webview.ts';
import { element, fill } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { Announcer } from './announce.ts';
import { AskBox } from './askBox.ts';
import { bundledNotice, emptyConversation } from './bundledNotice.ts';
import { initialChatState, isBusy, reduceChat } from './chatState.ts';
import type { ChatState } from './chatState.ts';
import { SessionPanel } from './sessionPanel.ts';
import { memorySummary, noticeList } from './summary.ts';
import { TurnView } from './turnView.ts';

/** What stays when the view is hidden; the conversation is the extension's. */
const keptSchema = z.object({ draft: z.string(), summaryOpen: z.boolean() });

/** How near to its end a list is followed as it grows, in pixels. */
const followDistance = 40;

/** The view's elements, kept in step with its state. */
export class Chat {
  readonly #host: Host;
  readonly #kept: z.infer<typeof keptSchema>;
  readonly #header = element('div', { class: 'header' });
  readonly #panel = element('div', { class: 'panel-slot' });
  readonly #turns = element('div', { class: 'turns' });
  readonly #scroller = element('main', { class: 'scroller' });
  readonly #live = element('div', { class: 'visually-hidden', role: 'log' });
  readonly #sessionPanel: SessionPanel;
  readonly #askBox: AskBox;
  readonly #views = new Map<number, TurnView>();
  readonly #announcers = new Map<number, Announcer>();
  #state: ChatState = initialChatState;
  #drawn: ChatState | null = null;
  /** Whether the end of the conversation is kept on screen. */
  #following = true;
  #frame = 0;
  /** The questions that the empty conversation offers; null while it is not shown. */
  #emptyKey: string | null = null;

  /** Fills the page and asks for everything there is to show. */
  constructor(host: Host, root: HTMLElement) {
    this.#host = host;
    this.#kept = host.restore(keptSchema, { draft: '', summaryOpen: false });
    this.#sessionPanel = new SessionPanel(this.#panel, host);
    this.#live.setAttribute('aria-live', 'polite');
    this.#askBox = new AskBox(
      {
        onAsk: (question) => {
          host.post({ type: 'ask', question });
        },
        onStop: () => {
          host.act('stop');
        },
        onDraft: (draft) => {
          this.#keep({ draft });
        },
      },
      this.#kept.draft,
    );
    this.#scroller.append(this.#turns);
    this.#scroller.addEventListener('scroll', () => {
      this.#following = this.#isAtEnd();
    });
    new ResizeObserver(() => {
      this.#follow();
    }).observe(this.#scroller);
    root.append(this.#header, this.#panel, this.#scroller, this.#askBox.root, this.#live);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && isBusy(this.#state)) host.act('stop');
    });
    window.addEventListener('focus', () => {
      this.#focusAskBox();
    });
    this.#focusAskBox();
    host.listen(toChatSchema, (message) => {
      this.#receive(message);
    });
    host.post({ type: 'loaded' });
  }

  /** Whoever comes into the view and to nothing in particular wants to ask. */
  #focusAskBox(): void {
    const { activeElement } = document;
    const nowhere = activeElement === null || activeElement === document.body;
    if (document.hasFocus() && nowhere) this.#askBox.focus();
  }

  #receive(message: ToChat): void {
    if (message.type === 'focus') this.#askBox.focus();
    if (message.type === 'draft') this.#askBox.begin(message.text);
    this.#state = reduceChat(this.#state, message);
    // Many messages of one frame are drawn once.
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { session, turns } = this.#state;
    const before = this.#drawn;
    this.#drawn = this.#state;
    if (before?.session !== session) this.#sessionPanel.update(session);
    const begun = turns.length > 0;
    if (before?.session !== session || before.turns.length > 0 !== begun) this.#drawHeader();
    this.#drawTurns(turns);
    this.#askBox.update(isBusy(this.#state), session.kind !== 'no-folder');
    this.#following ||= turns.length > (before?.turns.length ?? 0);
    this.#follow();
  }

  #drawHeader(): void {
    const { session } = this.#state;
    if (session.kind !== 'ready') {
      fill(this.#header);
      return;
    }
    const { summary } = session;
    // Read once, the notices make room for the conversation; that something is missing stays.
    const folded = this.#state.turns.length > 0 && summary.complete;
    const line = memorySummary(summary, {
      host: this.#host,
      foldNotices: folded,
      open: this.#kept.summaryOpen,
      onToggle: (open) => {
        this.#keep({ summaryOpen: open });
      },
    });
    const { alert, notices } = summary;
    const shown = [...(alert === null ? [] : [alert]), ...(folded ? [] : notices)];
    fill(this.#header, line, bundledNotice(summary, this.#host), noticeList(shown));
  }

  #drawTurns(turns: readonly Turn[]): void {
    const ready = this.#state.session.kind === 'ready';
    const ids = new Set(turns.map(({ id }) => id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.root.remove();
      this.#views.delete(id);
      this.#announcers.delete(id);
    }
    for (const turn of turns) {
      let view = this.#views.get(turn.id);
      if (view === undefined) {
        view = new TurnView(this.#host, turn.question);
        this.#views.set(turn.id, view);
        this.#turns.append(view.root);
      }
      view.update(turn, ready);
      this.#announce(turn);
    }
    this.#drawEmpty(ready && turns.length === 0);
  }

  #drawEmpty(empty: boolean): void {
    const { session } = this.#state;
    const { bundled, suggestions } =
      session.kind === 'ready' ? session.summary : { bundled: false, suggestions: [] };
    const key = empty ? [bundled, ...suggestions].join('\n') : null;
    if (key === this.#emptyKey) return;
    this.#emptyKey = key;
    this.#turns.querySelector('.empty')?.remove();
    if (empty) this.#turns.append(emptyConversation(bundled, suggestions, this.#host));
  }

  /** Tells what is new of an answer to a screen reader. Turns of an earlier page are not read out. */
  #announce({ id, answer, status }: Turn): void {
    const done = status.kind !== 'answering' && status.kind !== 'waiting';
    let announcer = this.#announcers.get(id);
    if (announcer === undefined) {
      announcer = new Announcer();
      this.#announcers.set(id, announcer);
      if (done) announcer.next(answer, true);
    }
    const words = announcer.next(answer, done);
    if (words !== '') this.#live.append(element('p', {}, words));
    while (this.#live.childElementCount > 20) this.#live.firstElementChild?.remove();
  }

  #follow(): void {
    if (!this.#following) return;
    // What a conversation begins with is read from its top, and so are passages.
    const last = this.#state.turns.at(-1);
    const passages = last?.status.kind === 'done' && last.status.result.kind === 'passages';
    const view = passages ? this.#views.get(last.id)?.root : undefined;
    if (view === undefined) {
      this.#scroller.scrollTop = this.#emptyKey === null ? this.#scroller.scrollHeight : 0;
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
