/** What the views ask for. */

import * as vscode from 'vscode';
import type { ChatController } from './features/chat/chat-controller.ts';
import { openSettings } from './commands.ts';
import type { EngineSession } from './engine-client/session.ts';
import type { Action, FromView } from './protocol/webview.ts';
import type { ConfirmedReading } from './features/reading/confirmed-reading.ts';
import { insertCode } from './features/editor/insert-code.ts';
import { openFile } from './features/editor/open-file.ts';

export interface ViewRequestsOptions {
  readonly session: EngineSession;
  readonly confirmed: ConfirmedReading;
  readonly chat: ChatController;
  readonly log: vscode.LogOutputChannel;
  readonly showMemory: () => void;
  readonly chooseModel: () => void;
  /** A view listens now. */
  readonly onLoaded: () => void;
}

/** Does what messages of the views ask for; they were checked on arrival. */
export class ViewRequests {
  readonly #options: ViewRequestsOptions;

  constructor(options: ViewRequestsOptions) {
    this.#options = options;
  }

  /** Does it. */
  receive(message: FromView): void {
    switch (message.type) {
      case 'loaded':
        this.#options.onLoaded();
        return;
      case 'ask':
        void this.#options.chat.ask(message.question);
        return;
      case 'open': {
        const { path, fromLine, toLine } = message;
        const lines = fromLine === null ? null : { from: fromLine, to: toLine ?? fromLine };
        void openFile(path, lines, this.#options.session.roots);
        return;
      }
      case 'copy': {
        const text = this.#options.chat.answerText(message.id);
        if (text !== null) void vscode.env.clipboard.writeText(text);
        return;
      }
      case 'copy-code':
        void vscode.env.clipboard.writeText(message.text);
        return;
      case 'insert':
        void insertCode(message.text);
        return;
      case 'action':
        this.#act(message.action);
        return;
      case 'use-budget': // of the quality panel alone
      case 'fault':
        return;
    }
  }

  #act(action: Action): void {
    const actions: Record<Action, () => unknown> = {
      read: () => this.#options.confirmed.read('requested'),
      continue: () => this.#options.confirmed.continue(),
      'not-now': () => {
        this.#options.session.decline();
      },
      cancel: () => {
        this.#options.session.cancelReading();
      },
      restart: () => this.#options.confirmed.restart(),
      stop: () => {
        this.#options.chat.stop();
      },
      clear: () => {
        this.#options.chat.clear();
      },
      'show-log': () => {
        this.#options.log.show();
      },
      'show-memory': this.#options.showMemory,
      'open-settings': openSettings,
      'choose-model': this.#options.chooseModel,
      'open-folder': () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
    };
    void actions[action]();
  }
}
