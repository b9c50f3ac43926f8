/** Which device computes. */

import { z } from 'zod';

/** The devices that an engine runs on in the end. */
export const usedGpuSchema = z.enum(['cpu', 'cuda', 'vulkan', 'metal']);

/** What may be asked for. */
export const gpuSchema = z.enum(['auto', ...usedGpuSchema.options]);
export type Gpu = z.infer<typeof gpuSchema>;
