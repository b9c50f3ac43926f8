/** What a grid varies. */
import type { PolicyParameters } from '../../../extension/protocol/policies.ts';

/**
 * Streaming: chunk by chunk, compressed after each, as the extension reads. After prefill: all of it
 * is computed first and compressed once, as most published figures are.
 */
export const modes = ['streaming', 'after-prefill'] as const;
export type Mode = (typeof modes)[number];

/** A preset by any name, with overrides: what the engine does not know, it refuses itself. */
export interface PolicyChoice {
  readonly name: string;
  readonly parameters: PolicyParameters;
}
