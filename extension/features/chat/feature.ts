/** The chat: its view and its commands. */

import * as vscode from 'vscode';
import type { OpenDocument } from '../../protocol/requests/ask.ts';
import type { ToChat } from '../../protocol/webview.ts';
import { keepMemory, recallMode } from '../../settings/settings.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import type { ViewHost } from '../webviews/view-host.ts';
import { askAboutSelection } from './ask-selection.ts';
import { ChatController } from './chat-controller.ts';
import { ChatEntry } from './chat-entry.ts';
import { prepareQuestion } from './prepare-question.ts';
import type { Prepared } from './prepare-question.ts';
import { QuestionHelp } from './question-help.ts';
import { selectionMention } from '../editor/selection.ts';
import { KeptConversation } from './kept-conversation.ts';
import { unsavedDocuments } from '../editor/unsaved-documents.ts';

class Chat implements Part {
  readonly entry: ChatEntry;
  readonly controller: ChatController;
  readonly help: QuestionHelp;
  readonly #selections: vscode.Disposable;
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
      documents: this.#documents,
      prepare: this.#prepare,
      post: this.#post,
      onRefused: this.entry.draft,
      onAnswering: (answering) => {
        host.setContextKey('answering', answering);
      },
    });
    this.help = new QuestionHelp({
      session: host.session,
      log: host.log,
      documents: this.#documents,
      prepare: this.#prepare,
      post: this.#post,
    });
    this.#selections = vscode.window.onDidChangeTextEditorSelection(() => {
      this.#post({ type: 'selection' });
    });
    this.#view = host.registerView<ToChat>({
      name: 'chat',
      snapshot: () => [
        { type: 'session', session: host.sessionView() },
        this.controller.snapshot(),
      ],
    });
  }

  readonly #post = (message: ToChat): void => {
    this.#view.post(message);
  };

  readonly #documents = (): OpenDocument[] =>
    unsavedDocuments(vscode.workspace.textDocuments, this.#host.session.roots);

  readonly #prepare = (text: string): Prepared =>
    prepareQuestion(
      text,
      () => selectionMention(this.#host.session.roots, false),
      () => this.#host.sessionView(),
    );

  /** Begins a question about the selection. */
  askAboutSelection(): Promise<void> {
    return askAboutSelection(this.entry, this.#host.session.roots);
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
    this.help.dispose();
    this.#selections.dispose();
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
    'loci.askAboutSelection': (part) => void part.askAboutSelection(),
  },
  menu: [{ order: 30, label: '$(comment-discussion) Ask', command: 'loci.ask' }],
  messages: {
    loaded: ({ entry }) => {
      entry.flush();
    },
    ask: ({ controller }, { question }) => controller.ask(question),
    suggest: ({ help }, { query }) => help.suggest(query),
    weigh: ({ help }, { question }) => help.weigh(question),
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
