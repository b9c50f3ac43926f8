/** Choosing, downloading and deleting models. */

import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { ChooseModelCommand } from './choose-model.ts';
import { DownloadModelCommand } from './download-model.ts';
import { manageModels } from './manage-models.ts';
import { ModelTokens } from './model-token.ts';

class Models implements Part {
  readonly choose: ChooseModelCommand;
  readonly download: DownloadModelCommand;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    const consult: Host['session']['consult'] = (work) => host.session.consult(work);
    this.choose = new ChooseModelCommand({
      consult,
      log: host.log,
      onChosen: () => {
        host.propose();
      },
      download: () => this.download.run(null),
    });
    this.download = new DownloadModelCommand({
      consult,
      log: host.log,
      tokens: new ModelTokens(host.secrets),
      use: (path) => this.choose.run(path),
    });
  }

  manage(): Promise<void> {
    return manageModels({
      log: this.#host.log,
      use: (path) => this.choose.run(path),
      download: (address) => this.download.run(address),
    });
  }

  dispose(): void {
    this.download.dispose();
  }
}

/** An argument in place of a list. */
function given(argument: unknown): string | null {
  return typeof argument === 'string' ? argument : null;
}

/** The model that reads and answers. */
export const models = defineFeature({
  activate: (host) => new Models(host),
  commands: {
    // A path, or an address.
    'loci.chooseModel': ({ choose }, argument) => void choose.run(given(argument)),
    'loci.downloadModel': ({ download }, argument) => void download.run(given(argument)),
    'loci.manageModels': (part) => void part.manage(),
    'loci.setModelToken': ({ download }) => void download.askToken(),
  },
  menu: [
    { order: 70, label: '$(package) Choose a model…', command: 'loci.chooseModel' },
    { order: 71, label: '$(cloud-download) Download a model…', command: 'loci.downloadModel' },
  ],
  actions: { 'choose-model': ({ choose }) => choose.run(null) },
});
