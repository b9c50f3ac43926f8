/** The engine as the user meets it: its log, its threads and its diagnostics. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import { calls, threads } from '../../settings/settings.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { copyDiagnostics } from './copy-diagnostics.ts';
import { Failures } from './failures.ts';

class Engine implements Part {
  readonly #host: Host;
  readonly #failures = new Failures();
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

  update(state: SessionState): void {
    this.#failures.update(state, new Date());
  }

  /** Puts what a report of a fault needs on the clipboard. */
  copyDiagnostics(): Promise<void> {
    return copyDiagnostics(this.#host, this.#failures.all);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

const showLog = (part: Engine): void => {
  part.showLog();
};

/** The engine's log, threads and diagnostics. */
export const engine = defineFeature({
  activate: (host) => new Engine(host),
  commands: {
    'loci.showLog': showLog,
    'loci.copyDiagnostics': (part) => part.copyDiagnostics(),
  },
  menu: [{ order: 90, label: '$(output) Show log', command: 'loci.showLog' }],
  actions: { 'show-log': showLog },
});
