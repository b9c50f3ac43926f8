/** The engine as the user meets it: its log, its threads and its diagnostics. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import { calls, keepMemory, threads } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { copyDiagnostics } from './copy-diagnostics.ts';
import { Failures } from './failures.ts';
import { IdleUnload } from './idle-unload.ts';

class Engine implements Part {
  readonly #host: Host;
  readonly #failures = new Failures();
  readonly #disposables = new Disposables();

  constructor(host: Host) {
    this.#host = host;
    const { session, log } = host;
    const idle = this.#disposables.add(
      new IdleUnload({
        session,
        keeps: keepMemory,
        unload: async () => {
          const unloaded = (await session.unload(false)) === true;
          if (unloaded) log.info('The model was unloaded: nothing has needed it for a while.');
          return unloaded;
        },
      }),
    );
    this.#disposables.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === 'file') idle.noteEdit();
      }),
    );
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (calls(event, 'threads')) session.setThreads(threads());
      }),
    );
  }

  /** Shows the log. */
  showLog(): void {
    this.#host.log.show();
  }

  /** Ends the engine until it is needed; asks before a memory that is not on disk goes with it. */
  async unload(): Promise<void> {
    const { session } = this.#host;
    if (!keepMemory() && session.state.kind === 'ready') {
      const unload: vscode.MessageItem = { title: 'Unload' };
      const text =
        'The memory is not kept on disk. Unload it, and read the repository again later?';
      const options = { modal: true };
      if ((await vscode.window.showWarningMessage(text, options, unload)) !== unload) return;
    }
    const kept = await session.unload();
    void vscode.window.showInformationMessage(unloadText(kept));
  }

  update(state: SessionState): void {
    this.#failures.update(state, new Date());
  }

  /** Puts what a report of a fault needs on the clipboard. */
  copyDiagnostics(): Promise<void> {
    return copyDiagnostics(this.#host, this.#failures.all);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function unloadText(kept: boolean | null): string {
  if (kept === null) return 'There is no model to unload, or it is in use: cancel that first.';
  return kept
    ? 'The model is unloaded. The next question or completion brings the memory back.'
    : 'The model is unloaded. The next question reads the repository again.';
}

const showLog = (part: Engine): void => {
  part.showLog();
};

/** The engine's log, threads and diagnostics. */
export const engine = defineFeature({
  activate: (host) => new Engine(host),
  commands: {
    'loci.showLog': showLog,
    'loci.unload': (part) => part.unload(),
    'loci.copyDiagnostics': (part) => part.copyDiagnostics(),
  },
  menu: [
    { order: 90, label: '$(output) Show log', command: 'loci.showLog' },
    {
      order: 95,
      label: '$(debug-disconnect) Unload the model',
      command: 'loci.unload',
      when: ({ kind }) => kind === 'ready',
    },
  ],
  actions: { 'show-log': showLog },
});
