/** Code of answers and next edits in files: changes to accept, and new files. */

import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import type { Root } from '../editor/workspace-path.ts';
import { applyCode, newFile } from './apply-code.ts';
import { listenToEdits } from './edit-listener.ts';
import { editSelection } from './edit-selection.ts';
import { Proposals } from './proposals.ts';
import { RecentEdits } from './recent-edits.ts';
import { suggestNextEdit } from './suggest-next-edit.ts';

class Edits implements Part {
  readonly host: Host;
  readonly proposals = new Proposals();
  readonly recent = new RecentEdits();
  readonly #listening: ReturnType<typeof listenToEdits>;
  #lastResult: OpenResult | null = null;

  constructor(host: Host) {
    this.host = host;
    this.#listening = listenToEdits(this.recent, () => this.#roots);
  }

  update(state: SessionState): void {
    if (state.kind !== 'ready' || state.result === this.#lastResult) return;
    this.#lastResult = state.result;
    this.#listening.refresh();
  }

  dispose(): void {
    this.#listening.dispose();
    this.recent.clear();
    this.proposals.dispose();
  }

  /** Edits are of use to no memory, or the bundled model's: it suggests none. */
  get #roots(): readonly Root[] {
    const { state, roots } = this.host.session;
    const memory = memoryOf(state);
    return memory === null || memory.model.bundled ? [] : roots;
  }
}

/** Changes of files that answers propose. */
export const edits = defineFeature({
  activate: (host) => new Edits(host),
  commands: {
    'loci.editSelection': ({ host, proposals }) => void editSelection(host.session, proposals),
    'loci.suggestNextEdit': ({ host, proposals, recent }) =>
      void suggestNextEdit(host.session, recent, proposals),
    'loci.acceptChange': ({ proposals }, argument) => void proposals.accept(argument),
    'loci.discardChange': ({ proposals }, argument) => void proposals.discard(argument),
  },
  messages: {
    apply: ({ host, proposals }, { text, path }) =>
      applyCode(text, path, host.session.roots, proposals),
    'new-file': (_, { text, language }) => newFile(text, language),
  },
});
