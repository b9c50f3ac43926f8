/**
 * The requests and notifications between the engine process and whoever started it: JSON-RPC over
 * Node's IPC channel. Cancelling a request takes effect within one ubatch or one token.
 */

import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import { z } from 'zod';
import type {
  Answer,
  AskParameters,
  CompleteParameters,
  Completion,
  DeviceReport,
  EngineErrorData,
  OpenParameters,
  OpenResult,
  Progress,
  RefineParameters,
  Retention,
  RetentionParameters,
} from './engine.ts';
import type { ProbeScore, ProbeSet, ProbesParameters, ScoreParameters } from './quality.ts';
import { askParametersSchema } from './schemas.ts';

/** The response code of a cancelled request (the one that the Language Server Protocol uses). */
export const requestCancelledCode = -32800;
/** The response code of every other failure; what failed is in the response's data. */
export const requestFailedCode = -32803;

/** A question, and the number under which its text is streamed by {@link answerTextNotification}. */
export interface AskRequestParameters extends AskParameters {
  readonly answerId: number;
}

export const askRequestParametersSchema: z.ZodType<AskRequestParameters> = z.intersection(
  askParametersSchema,
  z.object({ answerId: z.number().int() }),
);

const engineStatuses = [
  'empty',
  'opening',
  'refining',
  'ready',
  'answering',
  'completing',
] as const;
export type EngineStatus = (typeof engineStatuses)[number];

/** What the engine is doing, for a status bar. */
export interface EngineState {
  readonly status: EngineStatus;
  /**
   * Which memory answers: each has a number of its own, so that another one, whole or being read, is
   * never taken for it. 0: none.
   */
  readonly memory: number;
  /** Zero while nothing is read. */
  readonly heldTokens: number;
  readonly budgetTokens: number;
}

export const engineStateSchema: z.ZodType<EngineState> = z.object({
  status: z.enum(engineStatuses),
  memory: z.number().int().nonnegative(),
  heldTokens: z.number().nonnegative(),
  budgetTokens: z.number().nonnegative(),
});

/** A piece of an answer: whole characters only. */
export interface AnswerText {
  readonly answerId: number;
  readonly text: string;
  /** With the first piece: names of the question that occur nowhere in what was read. */
  readonly unknownNames?: readonly string[] | undefined;
}

export const answerTextSchema: z.ZodType<AnswerText> = z.object({
  answerId: z.number().int(),
  text: z.string(),
  unknownNames: z.array(z.string()).optional(),
});

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogMessage {
  readonly level: LogLevel;
  readonly text: string;
}

export const logMessageSchema: z.ZodType<LogMessage> = z.object({
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
});

/**
 * Loads the model and reads the repository. Cancelled after the first chunk it still succeeds, with
 * `complete: false`: what was read can be asked about.
 */
export const openRequest = new RequestType<OpenParameters, OpenResult, EngineErrorData>(
  'loci/open',
);

/**
 * Takes other parameters that come to the memory that is held; null where they need a reading.
 * Nothing is read, and the memory stays as it is.
 */
export const adoptRequest = new RequestType<OpenParameters, OpenResult | null, EngineErrorData>(
  'loci/adopt',
);

/**
 * Reads the repository again with a policy that reconstructs, into a second memory that takes the
 * place of the first when it is complete. More urgent requests go first and are answered from the
 * first. Cancelled it keeps what it has read, and the next request goes on from there.
 */
export const refineRequest = new RequestType<RefineParameters, OpenResult, EngineErrorData>(
  'loci/refine',
);

/** Answers one question. Cancelled while answering it succeeds with what was written so far. */
export const askRequest = new RequestType<AskRequestParameters, Answer, EngineErrorData>(
  'loci/ask',
);

/** Completes at a cursor. A newer completion cancels the older ones. */
export const completeRequest = new RequestType<CompleteParameters, Completion, EngineErrorData>(
  'loci/complete',
);

/** What of which file, line and head is held. */
export const retentionRequest = new RequestType<RetentionParameters, Retention, EngineErrorData>(
  'loci/retention',
);

/** Questions that the repository's own code asks, to measure the memory with. */
export const probesRequest = new RequestType<ProbesParameters, ProbeSet, EngineErrorData>(
  'loci/probes',
);

/** How well the memory continues such lines. */
export const scoreRequest = new RequestType<
  ScoreParameters,
  readonly ProbeScore[],
  EngineErrorData
>('loci/score');

/** The devices of the libraries that are loaded, or that automatic choice would load. */
export const devicesRequest = new RequestType0<readonly DeviceReport[], EngineErrorData>(
  'loci/devices',
);

export const stateRequest = new RequestType0<EngineState, EngineErrorData>('loci/state');

/** Threads to compute with from now on; 0: as many as the machine has free. To the engine. */
export const threadsNotification = new NotificationType<number>('loci/threads');

export const stateNotification = new NotificationType<EngineState>('loci/stateChanged');
export const progressNotification = new NotificationType<Progress>('loci/progress');
export const answerTextNotification = new NotificationType<AnswerText>('loci/answerText');
export const logNotification = new NotificationType<LogMessage>('loci/log');
