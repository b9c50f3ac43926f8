/** What messages between the engine process and its caller are made of: data only. */

import { z } from 'zod';
import type { EngineErrorCode } from './errors.ts';

/** A type of data that has arrived: nothing in it is changed. */
export type Immutable<T> = { readonly [K in keyof T]: Immutable<T[K]> };

/** A request: the engine checks the parameters, and its caller checks the result. */
export interface RequestType<P, R> {
  readonly method: `loci/${string}`;
  readonly parameters: z.ZodType<P>;
  readonly result: z.ZodType<R>;
}

/** A notification: its receiver checks it. */
export interface NotificationType<P> {
  readonly method: `loci/${string}`;
  readonly parameters: z.ZodType<P>;
}

/** The parameters of a request that needs none. */
export const noParametersSchema = z.object({});
export type NoParameters = Record<string, never>;

/** The response code of a cancelled request (the one that the Language Server Protocol uses). */
export const requestCancelledCode = -32800;
/** The response code of every other failure; what failed is in the response's data. */
export const requestFailedCode = -32803;

/** Every failure that reaches a user: a code to act on, and one sentence that says what to do. */
export interface EngineErrorData {
  readonly code: EngineErrorCode;
  readonly message: string;
}

/** The code is any text here: the other side may be another version. */
export const errorDataSchema = z.object({ code: z.string(), message: z.string() });
