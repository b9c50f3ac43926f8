/** The status bar item: what the engine does, and how much of the budget is held. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import { statusText } from './status-text.ts';

/** Shows the session's state; a click opens the menu. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  /** @param menuCommand the command of a click */
  constructor(menuCommand: string) {
    this.#item = vscode.window.createStatusBarItem(
      'loci.status',
      vscode.StatusBarAlignment.Right,
      90,
    );
    this.#item.name = 'Loci';
    this.#item.command = menuCommand;
    this.#item.show();
  }

  /** Shows a state. @param outdated the settings that have changed since the memory was read */
  update(state: SessionState, outdated: string | null): void {
    const { text, tooltip, severity } = statusText(state, outdated);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: tooltip };
    this.#item.backgroundColor =
      severity === 'none'
        ? undefined
        : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
  }

  /** Removes the item. */
  dispose(): void {
    this.#item.dispose();
  }
}
