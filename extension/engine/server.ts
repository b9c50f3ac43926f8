/** The engine's end of the protocol: cancellation mapped, failures as data. */

import { ResponseError } from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { requestCancelledCode, requestFailedCode } from '../protocol/message.ts';
import type { EngineErrorData, NotificationType } from '../protocol/message.ts';
import { logNotification } from '../protocol/notifications/log.ts';
import type { LogLevel } from '../protocol/notifications/log.ts';
import { progressNotification } from '../protocol/notifications/progress.ts';
import { stateNotification } from '../protocol/notifications/state.ts';
import { leftOutNotification } from '../protocol/notifications/left-out.ts';
import { threadsNotification } from '../protocol/notifications/threads.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { isCancellation, othersWords, toEngineError } from './core/errors.ts';
import { foldRepetitions } from './core/log-folding.ts';
import { handlers } from './handlers.ts';
import type { SessionListener } from './session-listener.ts';
import type { Session } from './session.ts';

/** Sends what the session tells by itself. */
export function notifier(connection: MessageConnection): SessionListener {
  const log = foldRepetitions((level, text) => {
    notify(connection, logNotification, { level, text });
  });
  return {
    onState: (state) => {
      notify(connection, stateNotification, state);
    },
    onProgress: (progress) => {
      notify(connection, progressNotification, progress);
    },
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
  for (const { method, answer } of handlers) {
    connection.onRequest(method, (payload: unknown, token: CancellationToken) =>
      respond(token, log, async (signal) =>
        answer(await session, payload, {
          signal,
          notify: (type, parameters) => {
            notify(connection, type, parameters);
          },
        }),
      ),
    );
  }
  const hear = <P>(type: NotificationType<P>, take: (engine: Session, told: P) => void): void => {
    connection.onNotification(type.method, (payload: unknown) => {
      const told = type.parameters.safeParse(payload);
      if (!told.success) return;
      const ignore = (): void => undefined;
      session.then((engine) => {
        take(engine, told.data);
      }, ignore);
    });
  };
  hear(threadsNotification, (engine, threads) => {
    engine.threads.choose(threads);
  });
  hear(leftOutNotification, (engine, patterns) => {
    engine.leftOut.patterns = patterns;
  });
}

/** Sends a notification. It does not matter if the caller is gone. */
function notify<P>(
  connection: MessageConnection,
  type: NotificationType<P>,
  parameters: NoInfer<P>,
): void {
  connection.sendNotification(type.method, parameters).catch(() => undefined);
}

async function respond(
  token: CancellationToken,
  log: (level: LogLevel, text: string) => void,
  handle: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => {
    controller.abort();
  });
  try {
    return await handle(controller.signal);
  } catch (error) {
    const failure = toEngineError(error);
    const { code, stack } = failure;
    const message = plainLine(failure.message, 1_000);
    const detail = othersWords(failure) ?? (code === 'internal' ? (stack ?? message) : null);
    // What fails while it is being torn down is the cancellation's doing.
    if (detail !== null && !controller.signal.aborted) log('error', detail);
    const responseCode = isCancellation(error) ? requestCancelledCode : requestFailedCode;
    return new ResponseError<EngineErrorData>(responseCode, message, { code, message });
  } finally {
    subscription.dispose();
  }
}
