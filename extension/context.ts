/** One owner of everything that lives as long as the extension is active. */

import * as vscode from 'vscode';
import type { EngineListener } from './engine-client/client.ts';
import { EngineProcess } from './engine-client/engine-process.ts';
import { EngineSession } from './engine-client/session.ts';
import { Disposables } from './features/editor/disposables.ts';
import { ActiveFeatures } from './features/host/active-features.ts';
import { menuOf } from './features/host/feature.ts';
import type { Host, MenuItem, ShownChoices, ViewParts } from './features/host/feature.ts';
import { ReadingSpeeds } from './features/reading/reading-speeds.ts';
import { features } from './features/registry.ts';
import { toSessionView } from './features/webviews/session-view.ts';
import { ViewHost } from './features/webviews/view-host.ts';
import type { OpenParameters } from './protocol/requests/open.ts';
import type { SessionView } from './protocol/webview.ts';
import {
  keepIn,
  keptFolder,
  openParameters,
  readOnStartup,
  workspaceRoots,
} from './settings/settings.ts';

/** The engine's session, and the features around it; it knows none of them. */
export class LociContext implements Host {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly session: EngineSession;
  readonly memento: vscode.Memento;
  readonly workspaceMemento: vscode.Memento;
  readonly keptFolder: string | null;
  readonly #disposables = new Disposables();
  readonly #features: ActiveFeatures;
  readonly #keys = new Map<string, unknown>();
  #changedCount: () => number = () => 0;
  #changedFiles: () => readonly string[] = () => [];
  #choices: () => ShownChoices = () => ({ excluded: [], pinned: [] });

  /** Starts every feature; nothing is read yet. */
  constructor(extension: vscode.ExtensionContext) {
    this.extensionUri = extension.extensionUri;
    this.memento = extension.globalState;
    this.workspaceMemento = extension.workspaceState;
    this.keptFolder = keptFolder(extension.globalStorageUri);
    this.log = this.#disposables.add(vscode.window.createOutputChannel('Loci', { log: true }));
    const speeds = new ReadingSpeeds(this.memento);
    this.session = new EngineSession({
      startEngine: this.startEngine,
      parameters: this.parameters,
      speed: (parameters) => speeds.get(parameters),
      onLog: (level, message) => {
        this.log[level](message);
      },
    });
    this.#features = this.#disposables.add(new ActiveFeatures(features, this));
    this.#disposables.add(
      this.session.onDidChange((state) => {
        this.#features.update(state);
      }),
    );
    this.refresh();
    if (readOnStartup()) this.propose();
  }

  readonly startEngine = (listener: EngineListener): EngineProcess =>
    new EngineProcess({
      modulePath: vscode.Uri.joinPath(this.extensionUri, 'dist', 'engine.mjs').fsPath,
      listener,
      onOutput: this.log.debug.bind(this.log),
    });

  readonly parameters = (): OpenParameters => ({
    ...openParameters(),
    ...keepIn(this.keptFolder),
  });

  sessionView(): SessionView {
    const { state, outdated } = this.session;
    return toSessionView(state, workspaceRoots().length > 0, this.#changedCount(), outdated);
  }

  countChanges(count: () => number): void {
    this.#changedCount = count;
  }

  listChanges(changed: () => readonly string[]): void {
    this.#changedFiles = changed;
  }

  changedFiles(): readonly string[] {
    return this.#changedFiles();
  }

  showChoices(choices: () => ShownChoices): void {
    this.#choices = choices;
  }

  choices(): ShownChoices {
    return this.#choices();
  }

  refresh(): void {
    this.#features.update(this.session.state);
  }

  readonly propose = (): void => {
    if (this.session.state.kind !== 'idle' || workspaceRoots().length === 0) return;
    if (!this.session.declined) void this.session.propose();
  };

  registerView<ToView>(view: ViewParts<ToView>): ViewHost<ToView> {
    const shown = new ViewHost<ToView>({
      ...view,
      extensionUri: this.extensionUri,
      log: this.log,
      onMessage: (message) => {
        this.#features.receive(message);
      },
      onShown: this.propose,
    });
    this.#disposables.add(vscode.window.registerWebviewViewProvider(`loci.${view.name}`, shown));
    return shown;
  }

  setContextKey(key: string, value: unknown): void {
    this.#keys.set(key, value);
    void vscode.commands.executeCommand('setContext', `loci.${key}`, value);
  }

  menu(): MenuItem[] {
    return menuOf(features, this.session.state, (key) => this.#keys.get(key) === true);
  }

  cancel(): void {
    this.#features.cancel();
  }

  /** Ends the engine and gives everything back. */
  async dispose(): Promise<void> {
    this.#features.stop();
    await this.session.dispose();
    this.#disposables.dispose();
  }
}
