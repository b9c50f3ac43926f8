/** Shows the progress of the reading. Updated in place, so that its button keeps the focus. */

import { counted, duration, fullCount } from '../../extension/report/format.ts';
import type { SessionView } from '../../extension/protocol/webview.ts';
import { Bar } from '../common/bar.ts';
import { button, element, fill } from '../common/dom.ts';
import { actionRow, panel } from './panel.ts';

export type Reading = Extract<SessionView, { kind: 'reading' }>;

/** The panel of a reading. */
export class ReadingPanel {
  readonly root: HTMLElement;
  readonly #bar = new Bar('Reading the repository');
  readonly #notice = element('p', {});
  readonly #figures = element('dl', { class: 'figures' });
  readonly #cancel: HTMLButtonElement;
  readonly #log: HTMLButtonElement;
  readonly #title: Element | null;

  /**
   * @param onCancel stops the reading
   * @param onLog shows the log; offered if the reading follows a crash
   */
  constructor(onCancel: () => void, onLog: () => void) {
    this.#cancel = button('Cancel', 'secondary', onCancel);
    this.#log = button('Show Log', 'secondary', onLog);
    this.root = panel('book', '', [
      this.#notice,
      this.#bar.root,
      this.#figures,
      actionRow(this.#cancel, this.#log),
    ]);
    this.#title = this.root.querySelector('h2 > span:last-child');
  }

  /** Shows the progress. */
  update(session: Reading): void {
    const { progress, cancelling, notice } = session;
    const title = readingTitle(session);
    // Announce only changes.
    if (this.#title !== null && this.#title.textContent !== title) this.#title.textContent = title;
    this.#notice.textContent = notice ?? '';
    this.#notice.hidden = notice === null;
    this.#log.hidden = notice === null;
    this.#cancel.disabled = cancelling;
    const counts = progress !== null && progress.totalTokens > 0;
    this.#bar.update(counts ? Math.min(1, progress.tokens / progress.totalTokens) : null);
    const rows = figures(session).flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, value),
    ]);
    fill(this.#figures, ...rows);
    this.#figures.hidden = rows.length === 0;
  }
}

/** Describes the current step in a few words. */
function readingTitle({ progress, cancelling, cause }: Reading): string {
  if (cancelling) return 'Cancelling…';
  switch (progress?.phase) {
    case 'loading':
      return 'Loading the model…';
    case 'listing':
      return 'Looking for files…';
    case 'measuring':
      return 'Profiling the model (first time only)…';
    case 'reading':
      if (cause === 'continued') return 'Reading the rest of the repository…';
      return cause === 'requested' ? 'Reading the repository…' : 'Reading the repository again…';
    default:
      return cause === 'settings' ? 'The settings changed. Reading again…' : 'Starting…';
  }
}

/** Returns names and values. */
function figures({ progress }: Reading): [string, string][] {
  if (progress?.phase === 'measuring') {
    return [['Left', progress.etaSeconds === null ? '…' : duration(progress.etaSeconds)]];
  }
  if (progress?.phase === 'listing' && progress.files > 0) {
    return [['Found', counted(progress.files, 'file')]];
  }
  if (progress?.phase !== 'reading') return [];
  const { files, totalFiles, tokens, totalTokens, tokensPerSecond, etaSeconds } = progress;
  return [
    ['Files', `${fullCount(files)} of ${fullCount(totalFiles)}`],
    ['Tokens', `${fullCount(tokens)} of ${fullCount(totalTokens)}`],
    ['Held', `${fullCount(progress.heldTokens)} of at most ${fullCount(progress.budgetTokens)}`],
    ['Speed', tokensPerSecond > 0 ? `${counted(Math.round(tokensPerSecond), 'token')}/s` : '…'],
    ['Left', etaSeconds === null ? '…' : duration(etaSeconds)],
  ];
}
