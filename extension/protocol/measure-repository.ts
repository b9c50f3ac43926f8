/** How large a repository is, from its files' sizes alone: nothing is loaded and no text is kept. */

import { RequestType } from 'vscode-jsonrpc';
import { z } from 'zod';
import type { EngineErrorData } from './engine.ts';
import { folderWeightSchema } from './folder-weights.ts';

const count = z.number().int().nonnegative();

export const measureRepositoryParametersSchema = z.object({
  roots: z.array(z.string()).min(1).readonly(),
});
export type MeasureRepositoryParameters = z.infer<typeof measureRepositoryParametersSchema>;

/** Tokens are estimated: see {@link bytesPerToken}. */
export const repositorySizeSchema = z.object({
  files: count,
  bytes: count,
  tokens: count,
  /** The largest first, at most three. */
  folders: z.array(folderWeightSchema),
});
export type RepositorySize = z.infer<typeof repositorySizeSchema>;

/** Bytes of source text to a token, about, whatever the model. */
export const bytesPerToken = 3.5;

/** Lists the files that would be read. Progress is told as the phase `listing`. */
export const measureRepositoryRequest = new RequestType<
  MeasureRepositoryParameters,
  RepositorySize,
  EngineErrorData
>('loci/measureRepository');
