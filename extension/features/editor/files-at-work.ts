/** The files that the user works on, the latest first. */

import * as vscode from 'vscode';
import { mostOpenFiles } from '../../protocol/requests/open.ts';

/** Hears which files are shown and edited; knows the tabs that the editor has open. */
export class FilesAtWork implements vscode.Disposable {
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Absolute paths, the latest last. */
  readonly #latest = new Set<string>();

  constructor() {
    this.#note(vscode.window.activeTextEditor?.document);
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor((shown) => {
        this.#note(shown?.document);
      }),
      vscode.workspace.onDidSaveTextDocument((saved) => {
        this.#note(saved);
      }),
    ];
  }

  /** Absolute paths: what was shown or saved, then what is open. */
  get paths(): string[] {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const open = tabs.flatMap(({ input }) =>
      input instanceof vscode.TabInputText && input.uri.scheme === 'file' ? [input.uri.fsPath] : [],
    );
    return [...new Set([...[...this.#latest].reverse(), ...open])].slice(0, mostOpenFiles);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #note(document: vscode.TextDocument | undefined): void {
    if (document?.uri.scheme !== 'file') return;
    const { fsPath } = document.uri;
    this.#latest.delete(fsPath);
    this.#latest.add(fsPath);
    const [oldest] = this.#latest;
    if (this.#latest.size > mostOpenFiles && oldest !== undefined) this.#latest.delete(oldest);
  }
}
