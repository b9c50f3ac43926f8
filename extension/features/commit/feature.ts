/** The message of a commit, written by the model from what is staged. */

import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { chosenRepository } from './git-api.ts';
import { writeMessage } from './write-message.ts';

class Commit implements Part {
  readonly host: Host;
  /** Whether a message is being written: one at a time. */
  #writing = false;

  constructor(host: Host) {
    this.host = host;
  }

  /** Writes a message into the box of the repository that is meant. */
  async write(argument: unknown): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      const repository = await chosenRepository(argument);
      if (repository !== null) await writeMessage(repository, this.host);
    } finally {
      this.#writing = false;
    }
  }

  dispose(): void {
    // The notification of a message that is being written ends with the engine.
  }
}

/** Messages of commits. */
export const commit = defineFeature({
  activate: (host) => new Commit(host),
  commands: {
    'loci.writeCommitMessage': (part, argument) => part.write(argument),
  },
});
