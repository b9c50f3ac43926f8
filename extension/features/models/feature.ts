/** Choosing a model. */

import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { ChooseModelCommand } from './choose-model.ts';

class Models implements Part {
  readonly command: ChooseModelCommand;

  constructor(host: Host) {
    this.command = new ChooseModelCommand({
      consult: (work) => host.session.consult(work),
      log: host.log,
      onChosen: () => {
        host.propose();
      },
    });
  }

  dispose(): void {
    // Its dialogs end with the editor.
  }
}

/** The model that reads and answers. */
export const models = defineFeature({
  activate: (host) => new Models(host),
  commands: {
    // A path in place of the list.
    'loci.chooseModel': ({ command }, argument) =>
      void command.run(typeof argument === 'string' ? argument : null),
  },
  menu: [{ order: 70, label: '$(package) Choose a model…', command: 'loci.chooseModel' }],
  actions: { 'choose-model': ({ command }) => command.run(null) },
});
