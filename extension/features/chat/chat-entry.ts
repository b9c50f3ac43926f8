/**
 * Puts text from elsewhere into the chat: shows the chat and keeps text until the view is ready.
 */

import type { ToChat } from '../../protocol/webview.ts';

export interface ChatEntryOptions {
  /** Shows the chat. */
  readonly show: () => Thenable<unknown>;
  /** Sends the view a message; false if the view is not ready. */
  readonly post: (message: ToChat) => boolean;
}

/** Delivers text from commands to the chat, even if the view is hidden or loading. */
export class ChatEntry {
  readonly #options: ChatEntryOptions;
  /** Texts for the ask box that the view has not received yet, oldest first. */
  readonly #drafts: string[] = [];
  #focus = false;

  /** @param options the view */
  constructor(options: ChatEntryOptions) {
    this.#options = options;
  }

  /** Shows the chat and focuses the ask box. */
  async open(): Promise<void> {
    this.#focus = true;
    await this.#options.show();
    this.flush();
  }

  /** Inserts a text into the ask box, before the current text. */
  readonly draft = (text: string): void => {
    this.#drafts.push(text);
    this.flush();
  };

  /** Sends the view what it has not received yet; call when it has loaded. */
  readonly flush = (): void => {
    const { post } = this.#options;
    if (this.#focus && post({ type: 'focus' })) this.#focus = false;
    while (this.#drafts[0] !== undefined && post({ type: 'draft', text: this.#drafts[0] })) {
      this.#drafts.shift();
    }
  };
}
