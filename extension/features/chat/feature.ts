/** The chat: its view and its commands. */

import * as vscode from 'vscode';
import type { ToChat } from '../../protocol/webview.ts';
import { keepMemory, recallMode } from '../../settings/settings.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import type { ViewHost } from '../webviews/view-host.ts';
import { askAboutSelection } from './ask-selection.ts';
import { ChatController } from './chat-controller.ts';
import { ChatEntry } from './chat-entry.ts';
import { KeptConversation } from './kept-conversation.ts';
import { unsavedDocuments } from './unsaved-documents.ts';

class Chat implements Part {
  readonly entry: ChatEntry;
  readonly controller: ChatController;
  readonly #host: Host;
  readonly #view: ViewHost<ToChat>;

  constructor(host: Host) {
    this.#host = host;
    this.entry = new ChatEntry({
      show: () => vscode.commands.executeCommand('loci.chat.focus'),
      post: (message) => this.#view.post(message),
    });
    this.controller = new ChatController({
      session: host.session,
      log: host.log,
      kept: new KeptConversation(host.workspaceMemento, keepMemory),
      recallMode,
      documents: () => unsavedDocuments(vscode.workspace.textDocuments, host.session.roots),
      post: (message) => {
        this.#view.post(message);
      },
      onRefused: this.entry.draft,
      onAnswering: (answering) => {
        host.setContextKey('answering', answering);
      },
    });
    this.#view = host.registerView<ToChat>({
      name: 'chat',
      snapshot: () => [
        { type: 'session', session: host.sessionView() },
        this.controller.snapshot(),
      ],
    });
  }

  update(): void {
    this.#view.post({ type: 'session', session: this.#host.sessionView() });
  }

  /** Shows the chat and asks. @param question null: the user writes it */
  async ask(question: string | null): Promise<void> {
    await this.entry.open();
    if (question !== null) await this.controller.ask(question);
  }

  /** Stops the current answer; false if there is none. */
  cancel(): boolean {
    const { answering } = this.controller;
    if (answering) this.controller.stop();
    return answering;
  }

  stop(): void {
    this.controller.stop();
  }

  dispose(): void {
    this.stop();
  }
}

/** Questions and answers. */
export const chat = defineFeature({
  activate: (host) => new Chat(host),
  commands: {
    'loci.ask': (part, argument) => void part.ask(typeof argument === 'string' ? argument : null),
    'loci.newChat': ({ controller }) => {
      controller.clear();
    },
    'loci.askAboutSelection': ({ entry }) => void askAboutSelection(entry),
  },
  menu: [{ order: 30, label: '$(comment-discussion) Ask', command: 'loci.ask' }],
  messages: {
    loaded: ({ entry }) => {
      entry.flush();
    },
    ask: ({ controller }, { question }) => controller.ask(question),
    copy: ({ controller }, { id }) => {
      const text = controller.answerText(id);
      if (text !== null) void vscode.env.clipboard.writeText(text);
    },
  },
  actions: {
    stop: (part) => {
      part.stop();
    },
    clear: ({ controller }) => {
      controller.clear();
    },
  },
  cancel: (part) => part.cancel(),
});
