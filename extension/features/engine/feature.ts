/** The engine as the user meets it: its log and its threads. */

import * as vscode from 'vscode';
import { calls, threads } from '../../settings/settings.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';

class Engine implements Part {
  readonly #host: Host;
  readonly #subscription: vscode.Disposable;

  constructor(host: Host) {
    this.#host = host;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (calls(event, 'threads')) host.session.setThreads(threads());
    });
  }

  /** Shows the log. */
  showLog(): void {
    this.#host.log.show();
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

const showLog = (part: Engine): void => {
  part.showLog();
};

/** The engine's log and threads. */
export const engine = defineFeature({
  activate: (host) => new Engine(host),
  commands: { 'loci.showLog': showLog },
  menu: [{ order: 90, label: '$(output) Show log', command: 'loci.showLog' }],
  actions: { 'show-log': showLog },
});
