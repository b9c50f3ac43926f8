/** The chat: its view and its commands. */

import path from 'node:path';
import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { OpenDocument } from '../../protocol/requests/ask.ts';
import type { ToChat } from '../../protocol/webview.ts';
import { keepMemory, recallMode } from '../../settings/settings.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import type { ViewHost } from '../webviews/view-host.ts';
import { askAboutSelection } from './ask-selection.ts';
import { ChatController } from './chat-controller.ts';
import { ChatEntry } from './chat-entry.ts';
import { ConversationBook } from './conversations/book.ts';
import { ConversationFiles } from './conversations/files.ts';
import { showConversations } from './conversations/list.ts';
import { conversationMarkdown } from './conversations/markdown.ts';
import { titleOf } from './conversations/record.ts';
import { droppedMentions } from './dropped-files.ts';
import { prepareQuestion } from './prepare-question.ts';
import type { Prepared } from './prepare-question.ts';
import { QuestionHelp } from './question-help.ts';
import { selectionMention } from '../editor/selection.ts';
import { unsavedDocuments } from '../editor/unsaved-documents.ts';

/** The conversation that was open last, in the workspace's state. */
const openKey = 'loci.openConversation';

class Chat implements Part {
  readonly entry: ChatEntry;
  readonly controller: ChatController;
  readonly help: QuestionHelp;
  readonly #book: ConversationBook;
  readonly #selections: vscode.Disposable;
  readonly #host: Host;
  readonly #view: ViewHost<ToChat>;

  constructor(host: Host) {
    this.#host = host;
    this.entry = new ChatEntry({
      show: () => vscode.commands.executeCommand('loci.chat.focus'),
      post: (message) => this.#view.post(message),
    });
    this.#book = new ConversationBook({
      files: conversationFiles(host),
      wanted: keepMemory,
      now: Date.now,
    });
    this.controller = new ChatController({
      session: host.session,
      log: host.log,
      kept: this.#book,
      onOpened: (id) => void host.workspaceMemento.update(openKey, id),
      onReplaced: (id) => void this.#offerReplaced(id),
      onNotWritten: (reason) => {
        void vscode.window.showWarningMessage(`The earlier answer stays. ${reason}`);
      },
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
    void this.#restore();
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

  /** Begins a conversation without turns, and shows it. */
  async begin(): Promise<void> {
    this.controller.begin();
    await this.entry.open();
  }

  /** Lists the conversations of this workspace. */
  showConversations(): void {
    showConversations({
      book: this.#book,
      openId: () => this.controller.conversationId,
      open: this.#open,
      begin: () => {
        this.controller.begin();
      },
      show: () => void this.entry.open(),
    });
  }

  /** Opens a new Markdown document with the conversation. */
  async exportConversation(): Promise<void> {
    const record = this.#book.get(this.controller.conversationId);
    if (record === null) {
      void vscode.window.showInformationMessage(
        'Ask a question first: there is nothing to export.',
      );
      return;
    }
    const content = conversationMarkdown(titleOf(record), this.controller.turns);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    await vscode.window.showTextDocument(document);
  }

  /** Says how a question names what was dropped on it. */
  drop(uris: readonly string[]): void {
    const { session } = this.#host;
    const files = memoryOf(session.state)?.files.map((file) => file.path) ?? null;
    this.#post({ type: 'dropped', ...droppedMentions(uris, session.roots, files) });
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

  readonly #open = (id: string): void => {
    this.controller.open(id);
    void this.entry.open();
  };

  /** Reads what was kept, and shows the conversation that was open unless one has begun already. */
  async #restore(): Promise<void> {
    await this.#book.load();
    const id = this.#host.workspaceMemento.get<unknown>(openKey);
    if (this.controller.empty && typeof id === 'string') this.controller.open(id);
  }

  /** Says where the turns are that an edited question replaced. */
  async #offerReplaced(id: string): Promise<void> {
    const text = 'The earlier question and its answers are kept as a conversation of their own.';
    const answer = await vscode.window.showInformationMessage(text, 'Open It');
    if (answer === 'Open It') this.#open(id);
  }
}

/** The files of this workspace's conversations; null where the editor has no folder for them. */
function conversationFiles({ workspaceStorage, log }: Host): ConversationFiles | null {
  if (workspaceStorage === null) return null;
  return new ConversationFiles(path.join(workspaceStorage, 'conversations'), (error) => {
    log.error(`A conversation was not kept or read: ${failureDetail(error)}`);
  });
}

/** Questions and answers. */
export const chat = defineFeature({
  activate: (host) => new Chat(host),
  commands: {
    'loci.ask': (part, argument) => void part.ask(typeof argument === 'string' ? argument : null),
    'loci.newConversation': (part) => part.begin(),
    'loci.conversations': (part) => {
      part.showConversations();
    },
    'loci.exportConversation': (part) => part.exportConversation(),
    'loci.askAboutSelection': (part) => void part.askAboutSelection(),
  },
  menu: [{ order: 30, label: '$(comment-discussion) Ask', command: 'loci.ask' }],
  messages: {
    loaded: ({ entry }) => {
      entry.flush();
    },
    ask: ({ controller }, { question }) => controller.ask(question),
    edit: ({ controller }, { id, question }) => controller.edit(id, question),
    regenerate: ({ controller }, { id }) => controller.regenerate(id),
    suggest: ({ help }, { query }) => help.suggest(query),
    drop: (part, { uris }) => {
      part.drop(uris);
    },
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
  },
  cancel: (part) => part.cancel(),
});
