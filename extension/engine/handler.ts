/** What answers one request. */

import type { NotificationType, RequestType } from '../protocol/message.ts';
import { EngineError } from './core/errors.ts';
import type { Session } from './session.ts';

/** What a handler is given beside the parameters. */
export interface HandlerContext {
  /** Fires where the caller cancels. */
  readonly signal: AbortSignal;
  /** Sends the caller a notification. It does not matter if the caller is gone. */
  readonly notify: <P>(type: NotificationType<P>, parameters: NoInfer<P>) => void;
}

export interface Handler {
  readonly method: string;
  /** @throws EngineError; `invalid-argument` where the payload is not what the request takes. */
  readonly answer: (
    session: Session,
    payload: unknown,
    context: HandlerContext,
  ) => Promise<unknown>;
}

/** A handler that is given parameters which the request's schema has checked. */
export function on<P, R>(
  type: RequestType<P, R>,
  handle: (session: Session, parameters: P, context: HandlerContext) => Promise<NoInfer<R>>,
): Handler {
  return {
    method: type.method,
    answer: async (session, payload, context) => handle(session, checked(type, payload), context),
  };
}

/** @throws EngineError `invalid-argument` that names the first thing that is wrong. */
function checked<P>(type: RequestType<P, unknown>, payload: unknown): P {
  const result = type.parameters.safeParse(payload);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
  // A check of our own has a sentence of ours; the schema library's words are for the log.
  const sentence =
    issue?.code === 'custom'
      ? issue.message
      : `The request ${type.method} was refused: its parameters are invalid${place}.`;
  throw new EngineError('invalid-argument', sentence, { cause: result.error });
}
