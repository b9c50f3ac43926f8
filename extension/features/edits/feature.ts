/** Code of answers in files: changes to accept, and new files. */

import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { applyCode, newFile } from './apply-code.ts';
import { editSelection } from './edit-selection.ts';
import { Proposals } from './proposals.ts';

class Edits implements Part {
  readonly host: Host;
  readonly proposals = new Proposals();

  constructor(host: Host) {
    this.host = host;
  }

  dispose(): void {
    this.proposals.dispose();
  }
}

/** Changes of files that answers propose. */
export const edits = defineFeature({
  activate: (host) => new Edits(host),
  commands: {
    'loci.editSelection': ({ host, proposals }) => void editSelection(host.session, proposals),
    'loci.acceptChange': ({ proposals }, argument) => void proposals.accept(argument),
    'loci.discardChange': ({ proposals }, argument) => void proposals.discard(argument),
  },
  messages: {
    apply: ({ host, proposals }, { text, path }) =>
      applyCode(text, path, host.session.roots, proposals),
    'new-file': (_, { text, language }) => newFile(text, language),
  },
});
