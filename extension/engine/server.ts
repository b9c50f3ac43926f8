/** The engine's end of the protocol: payloads checked, cancellation mapped, failures as data. */

import { ResponseError } from 'vscode-jsonrpc/node';
import type { MessageConnection, RequestType, CancellationToken } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import { findModels } from '../models/find-models.ts';
import type { EngineErrorData } from '../protocol/engine.ts';
import {
  measureRepositoryParametersSchema,
  measureRepositoryRequest,
} from '../protocol/measure-repository.ts';
import {
  findModelsRequest,
  inspectModelParametersSchema,
  inspectModelRequest,
} from '../protocol/models.ts';
import { probesParametersSchema, scoreParametersSchema } from '../protocol/quality.ts';
import {
  adoptRequest,
  answerTextNotification,
  askRequest,
  askRequestParametersSchema,
  completeRequest,
  devicesRequest,
  logNotification,
  openRequest,
  probesRequest,
  progressNotification,
  refineRequest,
  requestCancelledCode,
  requestFailedCode,
  retentionRequest,
  scoreRequest,
  stateNotification,
  stateRequest,
  threadsNotification,
} from '../protocol/rpc.ts';
import type { LogLevel } from '../protocol/rpc.ts';
import {
  completeParametersSchema,
  openParametersSchema,
  refineParametersSchema,
  retentionParametersSchema,
  threadsSchema,
} from '../protocol/schemas.ts';
import { describeModel } from './model/describe-model.ts';
import { EngineError, isCancellation, toEngineError } from './core/errors.ts';
import { foldRepetitions } from './core/log-folding.ts';
import type { Session, SessionListener } from './session.ts';

/** Sends what the session tells by itself; a caller that is gone is no failure. */
export function notifier(connection: MessageConnection): SessionListener {
  const ignore = (): void => undefined;
  const log = foldRepetitions((level, text) => {
    void connection.sendNotification(logNotification, { level, text }).catch(ignore);
  });
  return {
    onState: (state) => void connection.sendNotification(stateNotification, state).catch(ignore),
    onProgress: (progress) =>
      void connection.sendNotification(progressNotification, progress).catch(ignore),
    onLog: (level, text) => {
      // llama.cpp says several debugging lines for every token.
      if (level !== 'debug') log(level, text);
    },
  };
}

/**
 * Answers requests by the session.
 * @param session resolves once the addon is loaded; what it rejects with is every request's answer.
 */
export function serve(
  connection: MessageConnection,
  session: Promise<Session>,
  log: (level: LogLevel, text: string) => void,
): void {
  const on = <P, R>(
    type: RequestType<P, R, EngineErrorData>,
    schema: z.ZodType<P>,
    handle: (session: Session, parameters: P, signal: AbortSignal) => Promise<R>,
  ): void => {
    connection.onRequest(type.method, (payload: unknown, token: CancellationToken) =>
      respond(token, log, async (signal) =>
        handle(await session, checked(schema, payload, type.method), signal),
      ),
    );
  };
  on(openRequest, openParametersSchema, (engine, parameters, signal) =>
    engine.open(parameters, signal),
  );
  on(adoptRequest, openParametersSchema, (engine, parameters, signal) =>
    engine.adopt(parameters, signal),
  );
  on(refineRequest, refineParametersSchema, (engine, parameters, signal) =>
    engine.refine(parameters, signal),
  );
  on(askRequest, askRequestParametersSchema, (engine, parameters, signal) =>
    engine.ask(
      parameters,
      (text, unknownNames) => {
        const piece = { answerId: parameters.answerId, text, unknownNames };
        connection.sendNotification(answerTextNotification, piece).catch(() => undefined);
      },
      signal,
    ),
  );
  on(completeRequest, completeParametersSchema, (engine, parameters, signal) =>
    engine.complete(parameters, signal),
  );
  on(retentionRequest, retentionParametersSchema, (engine, parameters, signal) =>
    engine.retention(parameters, signal),
  );
  on(probesRequest, probesParametersSchema, (engine, parameters, signal) =>
    engine.probes(parameters, signal),
  );
  on(scoreRequest, scoreParametersSchema, (engine, parameters, signal) =>
    engine.score(parameters, signal),
  );
  connection.onNotification(threadsNotification, (payload) => {
    const threads = threadsSchema.safeParse(payload);
    if (!threads.success) return;
    const ignore = (): void => undefined;
    session.then((engine) => {
      engine.setThreads(threads.data);
    }, ignore);
  });
  on(measureRepositoryRequest, measureRepositoryParametersSchema, (engine, parameters, signal) =>
    engine.measureRepository(parameters, signal),
  );
  on(inspectModelRequest, inspectModelParametersSchema, (engine, parameters) =>
    describeModel(parameters, () => engine.devices()),
  );
  on(findModelsRequest, z.object({}), () => findModels());
  connection.onRequest(devicesRequest, (token) =>
    respond(token, log, async () => (await session).devices()),
  );
  connection.onRequest(stateRequest, (token) =>
    respond(token, log, async () => (await session).state),
  );
}

/** @throws EngineError `invalid-argument` that names the first thing that is wrong. */
function checked<P>(schema: z.ZodType<P>, payload: unknown, method: string): P {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
  throw new EngineError(
    'invalid-argument',
    `The request ${method} was refused: ${issue?.message ?? 'its parameters are invalid'}${place}`,
    { cause: result.error },
  );
}

async function respond<R>(
  token: CancellationToken,
  log: (level: LogLevel, text: string) => void,
  handle: (signal: AbortSignal) => Promise<R>,
): Promise<R | ResponseError<EngineErrorData>> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => {
    controller.abort();
  });
  try {
    return await handle(controller.signal);
  } catch (error) {
    const { code, message, stack, cause } = toEngineError(error);
    // What fails while it is being torn down is the cancellation's doing.
    if (code === 'internal' && !controller.signal.aborted) {
      log('error', cause instanceof Error ? (cause.stack ?? message) : (stack ?? message));
    }
    const responseCode = isCancellation(error) ? requestCancelledCode : requestFailedCode;
    return new ResponseError(responseCode, message, { code, message });
  } finally {
    subscription.dispose();
  }
}
