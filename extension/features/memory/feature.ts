/** The view of what is remembered of each file. */

import * as vscode from 'vscode';
import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { ToMemory } from '../../protocol/webview.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import type { ViewHost } from '../webviews/view-host.ts';

class Memory implements Part {
  readonly #host: Host;
  readonly #view: ViewHost<ToMemory>;

  constructor(host: Host) {
    this.#host = host;
    this.#view = host.registerView<ToMemory>({
      name: 'memory',
      snapshot: () => [this.#memory()],
    });
  }

  update({ kind }: SessionState): void {
    this.#view.post(
      kind === 'ready' ? this.#memory() : { type: 'session', session: this.#host.sessionView() },
    );
  }

  /** Shows the view. */
  show(): void {
    void vscode.commands.executeCommand('loci.memory.focus');
  }

  dispose(): void {
    // The editor closes the view.
  }

  #memory(): ToMemory {
    const files = [...(memoryOf(this.#host.session.state)?.files ?? [])];
    const host = this.#host;
    return { type: 'memory', session: host.sessionView(), files, ...host.choices() };
  }
}

const show = (part: Memory): void => {
  part.show();
};

/** The list of files. */
export const memory = defineFeature({
  activate: (host) => new Memory(host),
  commands: { 'loci.showMemory': show },
  menu: [{ order: 40, label: '$(list-unordered) Show memory', command: 'loci.showMemory' }],
  actions: { 'show-memory': show },
});
