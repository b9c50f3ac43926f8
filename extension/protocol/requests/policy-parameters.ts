/** What a policy can be set by. */

import { z } from 'zod';
import type { Immutable, RequestType } from '../message.ts';
import { policySchema } from '../policies.ts';

const parametersSchema = z.object({ policy: policySchema });
export type PolicyParametersParameters = Immutable<z.infer<typeof parametersSchema>>;

const descriptionSchema = z.object({
  name: z.string(),
  /** Its default, as it is written after `--set NAME=`. */
  value: z.string(),
  /** What it may be, e.g. `a whole number from 1 to 512`. */
  range: z.string(),
  /** What it does, in one sentence. */
  help: z.string(),
});
export type PolicyParameterDescription = Immutable<z.infer<typeof descriptionSchema>>;

/** Every parameter of a policy, in the order in which they are listed. */
export const policyParametersRequest: RequestType<
  PolicyParametersParameters,
  readonly PolicyParameterDescription[]
> = {
  method: 'loci/policyParameters',
  parameters: parametersSchema,
  result: z.array(descriptionSchema),
};
