/** How many threads compute; to the engine. */

import { z } from 'zod';
import type { NotificationType } from '../message.ts';

export const threadsSchema = z.number().int().min(0).max(1024);

/** Threads to compute with from now on; 0: as many as the machine has free. */
export const threadsNotification: NotificationType<number> = {
  method: 'loci/threads',
  parameters: threadsSchema,
};
