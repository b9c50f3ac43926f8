/** One owner of everything that lives as long as the extension is active. */

import * as vscode from 'vscode';
import { ChatController } from './features/chat/chat-controller.ts';
import { contextKey, menuCommand, registerCommands, setStateKeys } from './commands.ts';
import { CompletionProvider, completionSelector } from './features/completion/provider.ts';
import { Disposables } from './features/editor/disposables.ts';
import { EngineProcess } from './engine-client/engine-process.ts';
import { IdleRefinement } from './features/refine/idle-refinement.ts';
import { EngineSession } from './engine-client/session.ts';
import { memoryOf } from './engine-client/session-state.ts';
import type { SessionState } from './engine-client/session-state.ts';
import type { EngineListener } from './engine-client/client.ts';
import type { OpenParameters, OpenResult } from './protocol/requests/open.ts';
import type { FromView, ToChat, ToMemory } from './protocol/webview.ts';
import {
  calls,
  keepIn,
  keepMemory,
  keptFolder,
  openParameters,
  readOnStartup,
  recallMode,
  refineWhenIdle,
  threads,
  workspaceRoots,
} from './settings/settings.ts';
import { askAboutSelection } from './features/chat/ask-selection.ts';
import { ChatEntry } from './features/chat/chat-entry.ts';
import { KeptConversation } from './features/chat/kept-conversation.ts';
import { ChooseModelCommand } from './features/models/choose-model.ts';
import { QualityCommand } from './features/quality/measure-quality.ts';
import { QualityPanel } from './features/quality/quality-panel.ts';
import { ChangeWatcher } from './features/reading/change-watcher.ts';
import { ConfirmedReading } from './features/reading/confirmed-reading.ts';
import { deleteKept } from './features/reading/delete-kept.ts';
import { editorDialogs } from './features/reading/reading-dialogs.ts';
import { ReadingSpeeds } from './features/reading/reading-speeds.ts';
import { toSessionView } from './features/webviews/session-view.ts';
import { RefineCommand } from './features/refine/refine-memory.ts';
import { StatusBar } from './features/status/status-bar.ts';
import { ViewRequests } from './view-requests.ts';
import { ViewHost } from './features/webviews/view-host.ts';

const chatView = 'loci.chat';
const memoryView = 'loci.memory';

/** Wires the engine, the chat, the views, the commands and the completions together. */
export class LociContext {
  readonly #disposables = new Disposables();
  readonly #log: vscode.LogOutputChannel;
  readonly #session: EngineSession;
  readonly #speeds: ReadingSpeeds;
  readonly #folder: string | null;
  readonly #changes: ChangeWatcher;
  readonly #confirmed: ConfirmedReading;
  readonly #chat: ChatController;
  readonly #chatHost: ViewHost<ToChat>;
  readonly #memoryHost: ViewHost<ToMemory>;
  readonly #statusBar: StatusBar;
  readonly #completions: CompletionProvider;
  readonly #quality: QualityCommand;
  readonly #refine: RefineCommand;
  readonly #idleRefinement: IdleRefinement;
  readonly #chooseModel: ChooseModelCommand;
  readonly #requests: ViewRequests;
  readonly #entry = new ChatEntry({
    show: () => vscode.commands.executeCommand(`${chatView}.focus`),
    post: (message) => this.#chatHost.post(message),
  });
  #lastResult: OpenResult | null = null;

  /** Registers everything; nothing is started yet. */
  constructor(extension: vscode.ExtensionContext) {
    const { extensionUri } = extension;
    this.#folder = keptFolder(extension.globalStorageUri);
    const parameters = (): OpenParameters => ({ ...openParameters(), ...keepIn(this.#folder) });
    const speed = (of: OpenParameters): number | null => this.#speeds.get(of);
    this.#log = this.#own(vscode.window.createOutputChannel('Loci', { log: true }));
    this.#speeds = new ReadingSpeeds(extension.globalState);
    const startEngine = (listener: EngineListener): EngineProcess =>
      new EngineProcess({
        modulePath: vscode.Uri.joinPath(extensionUri, 'dist', 'engine.mjs').fsPath,
        listener,
        onOutput: this.#log.debug.bind(this.#log),
      });
    this.#session = new EngineSession({
      startEngine,
      parameters,
      speed,
      onLog: (level, message) => {
        this.#log[level](message);
      },
    });
    this.#changes = this.#own(
      new ChangeWatcher(() => {
        this.#onSession(this.#session.state);
      }),
    );
    this.#confirmed = new ConfirmedReading({
      session: this.#session,
      parameters,
      speed,
      dialogs: editorDialogs,
      log: this.#log,
    });
    this.#chat = new ChatController({
      session: this.#session,
      log: this.#log,
      kept: new KeptConversation(extension.workspaceState, keepMemory),
      recallMode,
      post: (message) => void this.#chatHost.post(message),
      onRefused: this.#entry.draft,
      onAnswering: contextKey('answering'),
    });
    const onShown = (): void => {
      this.#readOnce();
    };
    const view = {
      extensionUri,
      log: this.#log,
      onMessage: (message: FromView) => {
        this.#requests.receive(message);
      },
      onShown,
    };
    this.#chatHost = new ViewHost<ToChat>({
      ...view,
      name: 'chat',
      snapshot: () => [{ type: 'session', session: this.#view() }, this.#chat.snapshot()],
    });
    this.#memoryHost = new ViewHost<ToMemory>({
      ...view,
      name: 'memory',
      snapshot: () => [this.#memory()],
    });
    this.#statusBar = this.#own(new StatusBar(menuCommand));
    this.#completions = new CompletionProvider(this.#session, this.#log);
    this.#quality = this.#own(
      new QualityCommand({
        startEngine,
        parameters: openParameters,
        state: () => this.#session.state,
        panel: this.#own(new QualityPanel(extensionUri, this.#log)),
        log: this.#log,
      }),
    );
    this.#refine = this.#own(
      new RefineCommand({
        session: this.#session,
        log: this.#log,
        onRefining: contextKey('refining'),
      }),
    );
    this.#chooseModel = new ChooseModelCommand({
      consult: (work) => this.#session.consult(work),
      log: this.#log,
      onChosen: onShown,
    });
    this.#requests = new ViewRequests({
      session: this.#session,
      confirmed: this.#confirmed,
      chat: this.#chat,
      log: this.#log,
      showMemory: () => void vscode.commands.executeCommand(`${memoryView}.focus`),
      chooseModel: () => void this.#chooseModel.run(null),
      onLoaded: this.#entry.flush,
    });
    this.#idleRefinement = this.#own(
      new IdleRefinement({
        session: this.#session,
        wanted: refineWhenIdle,
        refine: () => this.#refine.runIdle(),
      }),
    );
    this.#register();
    this.#onSession(this.#session.state);
    if (readOnStartup()) this.#readOnce();
  }

  /** Ends the engine and gives everything back. */
  async dispose(): Promise<void> {
    this.#chat.stop();
    await this.#session.dispose();
    this.#disposables.dispose();
  }

  #register(): void {
    this.#own(vscode.window.registerWebviewViewProvider(chatView, this.#chatHost));
    this.#own(vscode.window.registerWebviewViewProvider(memoryView, this.#memoryHost));
    this.#own(
      vscode.languages.registerInlineCompletionItemProvider(completionSelector, this.#completions),
    );
    this.#own(
      this.#session.onDidChange((state) => {
        this.#onSession(state);
      }),
    );
    this.#own(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (calls(event, 'reread')) this.#reread();
        if (calls(event, 'threads')) this.#session.setThreads(threads());
        this.#idleRefinement.update();
      }),
    );
    this.#own(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        if (this.#session.state.kind === 'idle') this.#onSession(this.#session.state);
        else this.#reread();
      }),
    );
    const commands = registerCommands({
      state: () => this.#session.state,
      refining: () => this.#refine.running,
      read: () => void this.#confirmed.read('requested'),
      continueReading: () => void this.#confirmed.continue(),
      cancel: this.#cancel,
      ask: (question) => void this.#ask(question),
      newChat: () => {
        this.#chat.clear();
      },
      showMemory: () => void vscode.commands.executeCommand(`${memoryView}.focus`),
      refine: () => void this.#refine.run(),
      measureQuality: () => void this.#quality.run(),
      chooseModel: (path) => void this.#chooseModel.run(path),
      deleteKept: () =>
        void deleteKept({ session: this.#session, log: this.#log, folder: this.#folder }),
      askAboutSelection: () => void askAboutSelection(this.#entry),
      restart: () => void this.#confirmed.restart(),
      showLog: () => {
        this.#log.show();
      },
    });
    for (const command of commands) this.#own(command);
  }

  /** Proposes to read when a view is first looked at; later only when asked to. */
  #readOnce(): void {
    if (this.#session.state.kind !== 'idle' || workspaceRoots().length === 0) return;
    if (!this.#session.declined) void this.#session.propose();
  }

  /** Reads again where something was read, or could not be, under other settings. */
  #reread(): void {
    const { kind } = this.#session.state;
    if (kind === 'ready' || kind === 'reading' || kind === 'failed') {
      // Where the user wants to keep the memory, the views say what it was read with.
      void this.#confirmed.read('settings').finally(() => {
        this.#onSession(this.#session.state);
      });
    }
  }

  readonly #cancel = (): void => {
    const { kind } = this.#session.state;
    const begun = kind === 'counting' || kind === 'reading' || kind === 'restarting';
    if (begun) this.#session.cancelReading();
    else if (this.#chat.answering) this.#chat.stop();
    else this.#refine.cancel();
  };

  async #ask(question: string | null): Promise<void> {
    await this.#entry.open();
    if (question !== null) await this.#chat.ask(question);
  }

  #onSession(state: SessionState): void {
    this.#changes.update(state);
    const session = this.#view();
    this.#statusBar.update(state, this.#session.outdated);
    this.#chatHost.post({ type: 'session', session });
    setStateKeys(state);
    if (state.kind === 'ready') {
      if (state.result !== this.#lastResult) {
        this.#completions.reset();
        this.#speeds.keep(state.result, () => this.#session.readWith ?? openParameters());
      }
      this.#lastResult = state.result;
      this.#memoryHost.post(this.#memory());
    } else {
      this.#memoryHost.post({ type: 'session', session });
    }
  }

  #view(): ReturnType<typeof toSessionView> {
    const hasFolder = workspaceRoots().length > 0;
    const { state, outdated } = this.#session;
    return toSessionView(state, hasFolder, this.#changes.count, outdated);
  }

  #memory(): ToMemory {
    const files = [...(memoryOf(this.#session.state)?.files ?? [])];
    return { type: 'memory', session: this.#view(), files };
  }

  #own<T extends { dispose(): unknown }>(item: T): T {
    return this.#disposables.add(item);
  }
}
