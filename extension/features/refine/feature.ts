/** Refines the memory on request or in idle time. */

import * as vscode from 'vscode';
import { refineWhenIdle } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { IdleRefinement } from './idle-refinement.ts';
import { RefineCommand } from './refine-memory.ts';

class Refine implements Part {
  readonly command: RefineCommand;
  readonly #disposables = new Disposables();

  constructor(host: Host) {
    const { session, log } = host;
    this.command = this.#disposables.add(
      new RefineCommand({
        session,
        log,
        onRefining: (refining) => {
          host.setContextKey('refining', refining);
        },
      }),
    );
    const idle = this.#disposables.add(
      new IdleRefinement({
        session,
        wanted: refineWhenIdle,
        refine: () => this.command.runIdle(),
      }),
    );
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration(() => {
        idle.update();
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** A second, more thorough reading. */
export const refine = defineFeature({
  activate: (host) => new Refine(host),
  commands: { 'loci.refine': ({ command }) => void command.run() },
  menu: [
    {
      order: 50,
      label: '$(debug-stop) Cancel refining',
      command: 'loci.cancel',
      when: (_, isSet) => isSet('refining'),
    },
    {
      order: 50,
      label: '$(sparkle) Refine memory',
      command: 'loci.refine',
      when: (_, isSet) => !isSet('refining'),
    },
  ],
  cancel: ({ command }) => {
    const { running } = command;
    command.cancel();
    return running;
  },
});
