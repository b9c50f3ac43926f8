/** The status bar item, its menu, and the context keys for the session's state. */

import * as vscode from 'vscode';
import { wasStopped } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, MenuItem, Part } from '../host/feature.ts';
import { StatusBar } from './status-bar.ts';

const menuCommand = 'loci.menu';

class Status implements Part {
  readonly host: Host;
  readonly #bar = new StatusBar(menuCommand);

  constructor(host: Host) {
    this.host = host;
  }

  update(state: SessionState): void {
    this.#bar.update(state, this.host.session.outdated);
    this.host.setContextKey('state', state.kind);
    this.host.setContextKey('stoppedEarly', wasStopped(state));
  }

  dispose(): void {
    this.#bar.dispose();
  }
}

async function showMenu(items: readonly MenuItem[]): Promise<void> {
  const shown = items.map(({ label, command }) => ({ label, command }));
  const picked = await vscode.window.showQuickPick(shown, { title: 'Loci' });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command);
}

/** The session's state at a glance. */
export const status = defineFeature({
  activate: (host) => new Status(host),
  commands: { [menuCommand]: ({ host }) => showMenu(host.menu()) },
});
