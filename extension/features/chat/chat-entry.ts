/** How text from elsewhere gets into the chat: shown first, and kept until the view can take it. */

import type { ToChat } from '../../protocol/webview.ts';

export interface ChatEntryOptions {
  /** Shows the chat. */
  readonly show: () => Thenable<unknown>;
  /** Sends the view a message; false while it is not there to hear it. */
  readonly post: (message: ToChat) => boolean;
}

/** What commands put into the chat. Nothing of it is lost while the view is away or loads. */
export class ChatEntry {
  readonly #options: ChatEntryOptions;
  /** Texts for the ask box that the view has not taken yet, the oldest first. */
  readonly #drafts: string[] = [];
  #focus = false;

  /** @param options the view */
  constructor(options: ChatEntryOptions) {
    this.#options = options;
  }

  /** Shows the chat, with the caret in the ask box. */
  async open(): Promise<void> {
    this.#focus = true;
    await this.#options.show();
    this.flush();
  }

  /** Puts a text into the ask box, in front of what is written there. */
  readonly draft = (text: string): void => {
    this.#drafts.push(text);
    this.flush();
  };

  /** Gives the view what it has not taken yet; to be called when it has loaded. */
  readonly flush = (): void => {
    const { post } = this.#options;
    if (this.#focus && post({ type: 'focus' })) this.#focus = false;
    while (this.#drafts[0] !== undefined && post({ type: 'draft', text: this.#drafts[0] })) {
      this.#drafts.shift();
    }
  };
}
