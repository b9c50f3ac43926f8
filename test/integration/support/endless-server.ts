/** Command lines of `loci mcp` on a small repository, with a model that does not end an answer. */

import { join } from 'node:path';
import { shapes, writeRandomModel } from '../../tools/random-gguf.ts';
import { sampleRepository, temporaryFolder } from './folders.ts';

export interface EndlessServer {
  readonly root: string;
  /** For what a test writes. */
  readonly folder: string;
  /** With the bundled model. */
  readonly small: readonly string[];
  /** With a model that writes until it is stopped. */
  readonly endless: readonly string[];
}

/** Writes the repository and the model. */
export async function endlessServer(): Promise<EndlessServer> {
  const { root } = await sampleRepository({ tokens: 500, seed: 29, questions: 1 });
  const folder = await temporaryFolder();
  const small = ['--repo', root, '--gpu', 'cpu'];
  const model = join(folder, 'talkative.gguf');
  await writeRandomModel(model, shapes.talkative, 1);
  const writing = ['--always-answer', '--max-tokens', '1000000', '--temperature', '3'];
  return { root, folder, small, endless: [...small, '--model', model, ...writing] };
}
