/** The devices of this machine. */

import { z } from 'zod';
import { amount } from '../fields.ts';
import { noParametersSchema } from '../message.ts';
import type { Immutable, NoParameters, RequestType } from '../message.ts';

const deviceReportSchema = z.object({
  name: z.string(),
  description: z.string(),
  kind: z.string(),
  freeBytes: amount,
  totalBytes: amount,
});
export type DeviceReport = Immutable<z.infer<typeof deviceReportSchema>>;

/** The devices of the libraries that are loaded, or that automatic choice would load. */
export const devicesRequest: RequestType<NoParameters, readonly DeviceReport[]> = {
  method: 'loci/devices',
  parameters: noParametersSchema,
  result: z.array(deviceReportSchema),
};
