/** One owner of everything that lives as long as the extension is active. */

import * as vscode from 'vscode';
import type { EngineSession } from './engine-client/session.ts';
import { Disposables } from './features/editor/disposables.ts';
import { ActiveFeatures } from './features/host/active-features.ts';
import { engineOf } from './engine-of.ts';
import { menuOf } from './features/host/feature.ts';
import type {
  ChangeList,
  EngineParts,
  Host,
  MenuItem,
  ShownChoices,
  ViewParts,
} from './features/host/feature.ts';
import { features } from './features/registry.ts';
import { toSessionView } from './features/webviews/session-view.ts';
import { ViewHost } from './features/webviews/view-host.ts';
import type { SessionView } from './protocol/webview.ts';
import { readOnStartup, workspaceRoots } from './settings/settings.ts';

/** The engine's session, and the features around it; it knows none of them. */
export class LociContext implements Host {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineParts;
  readonly session: EngineSession;
  readonly memento: vscode.Memento;
  readonly workspaceMemento: vscode.Memento;
  readonly secrets: vscode.SecretStorage;
  readonly workspaceStorage: string | null;
  changes: ChangeList = { count: 0, paths: [] };
  choices: () => ShownChoices = () => ({ excluded: [], pinned: [] });
  readonly #disposables = new Disposables();
  readonly #features: ActiveFeatures;
  readonly #keys = new Map<string, unknown>();

  /** Starts every feature; nothing is read yet. */
  constructor(extension: vscode.ExtensionContext) {
    this.extensionUri = extension.extensionUri;
    this.memento = extension.globalState;
    this.workspaceMemento = extension.workspaceState;
    this.secrets = extension.secrets;
    this.workspaceStorage = extension.storageUri?.fsPath ?? null;
    this.log = this.#disposables.add(vscode.window.createOutputChannel('Loci', { log: true }));
    this.engine = engineOf(extension, this.log);
    this.session = this.engine.session;
    this.#features = this.#disposables.add(new ActiveFeatures(features, this));
    this.#disposables.add(
      this.session.onDidChange((state) => {
        this.#features.update(state);
      }),
    );
    this.refresh();
    if (readOnStartup()) this.propose();
  }

  sessionView(): SessionView {
    const { state, outdated } = this.session;
    return toSessionView(state, workspaceRoots().length > 0, this.changes.count, outdated);
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
