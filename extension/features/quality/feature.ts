/** Measuring quality: the command and the panel with its result. */

import { openParameters } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { QualityCommand } from './measure-quality.ts';
import { QualityPanel } from './quality-panel.ts';

class Quality implements Part {
  readonly command: QualityCommand;
  readonly #disposables = new Disposables();

  constructor({ extensionUri, log, session, engine }: Host) {
    this.command = this.#disposables.add(
      new QualityCommand({
        startEngine: engine.startEngine,
        parameters: openParameters,
        state: () => session.state,
        panel: this.#disposables.add(new QualityPanel(extensionUri, log)),
        log,
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** Quality against budget. */
export const quality = defineFeature({
  activate: (host) => new Quality(host),
  commands: { 'loci.measureQuality': ({ command }) => void command.run() },
  menu: [{ order: 60, label: '$(graph-line) Measure quality', command: 'loci.measureQuality' }],
});
