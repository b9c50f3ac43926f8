/** What the engine and the libraries in it write to the log. */

import { z } from 'zod';
import type { Immutable, NotificationType } from '../message.ts';

const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

const logMessageSchema = z.object({ level: logLevelSchema, text: z.string() });
export type LogMessage = Immutable<z.infer<typeof logMessageSchema>>;

export const logNotification: NotificationType<LogMessage> = {
  method: 'loci/log',
  parameters: logMessageSchema,
};
