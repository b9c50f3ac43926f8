/** The caller's end of the engine's protocol: typed requests and checked results. */

import type { ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { Disposable, MessageConnection } from 'vscode-jsonrpc/node';
import type { Answer } from '../protocol/answer.ts';
import { isEngineErrorCode } from '../protocol/errors.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { errorDataSchema } from '../protocol/message.ts';
import type { NotificationType, RequestType } from '../protocol/message.ts';
import { answerTextNotification } from '../protocol/notifications/answer-text.ts';
import { logNotification } from '../protocol/notifications/log.ts';
import type { LogMessage } from '../protocol/notifications/log.ts';
import { progressNotification } from '../protocol/notifications/progress.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import { stateNotification } from '../protocol/notifications/state.ts';
import type { EngineState } from '../protocol/notifications/state.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { askRequest } from '../protocol/requests/ask.ts';
import type { AskParameters } from '../protocol/requests/ask.ts';

/** A failure reported by the engine: a code to act on and one sentence for the user. */
export class EngineRequestError extends Error {
  override readonly name = 'EngineRequestError';
  readonly code: ErrorCode;

  /**
   * @param code what happened, for programs
   * @param message one sentence for the user
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Receives the engine's notifications. */
export interface EngineListener {
  readonly onState?: (state: EngineState) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly onLog?: (message: LogMessage) => void;
}

/**
 * Receives a piece of an answer, and with the first one the names that occur nowhere; before them,
 * with an empty text, pieces of what the model writes for itself.
 */
export type OnAnswerText = (
  text: string,
  unknownNames: readonly string[],
  reasoning: string,
) => void;

/** A connection to an engine process, which it does not own. */
export class EngineClient implements Disposable {
  readonly #connection: MessageConnection;
  readonly #listener: EngineListener;
  readonly #answers = new Map<number, OnAnswerText>();
  #nextAnswerId = 1;
  #disconnected = false;

  /**
   * @param child a process forked with an IPC channel and `serialization: 'json'`.
   * @param listener receives notifications until the connection ends.
   */
  constructor(child: ChildProcess, listener: EngineListener = {}) {
    this.#listener = listener;
    this.#connection = createMessageConnection(
      new IPCMessageReader(child),
      new IPCMessageWriter(child),
    );
    this.#on(stateNotification, (state) => listener.onState?.(state));
    this.#on(progressNotification, (progress) => listener.onProgress?.(progress));
    this.#on(logNotification, (message) => listener.onLog?.(message));
    this.#on(answerTextNotification, ({ answerId, text, unknownNames, reasoning }) =>
      this.#answers.get(answerId)?.(text, unknownNames ?? [], reasoning ?? ''),
    );
    this.#connection.onClose(() => {
      this.dispose();
    });
    child.once('exit', () => {
      this.dispose();
    });
    this.#connection.listen();
  }

  /**
   * Sends a request.
   * @param type one of `protocol/requests`
   * @param signal cancels it; each request documents the effect
   * @throws EngineRequestError with the engine's code; `disconnected` if the engine has gone
   */
  async request<P, R>(
    type: RequestType<P, R>,
    parameters: NoInfer<P>,
    signal?: AbortSignal,
  ): Promise<R> {
    if (this.#ended()) throw disconnected();
    if (signal?.aborted === true) throw new EngineRequestError('cancelled', 'Cancelled.');
    const source = new CancellationTokenSource();
    const cancel = (): void => {
      source.cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return type.result.parse(
        await this.#connection.sendRequest<unknown>(type.method, parameters, source.token),
      );
    } catch (error) {
      throw this.#ended() ? disconnected(error) : this.#translate(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  /**
   * Asks a question and streams the answer.
   * @param onText receives whole characters; before them, with an empty text, the names in the
   *   question that occur nowhere in what was read.
   * @throws EngineRequestError
   */
  async ask(
    parameters: AskParameters,
    onText?: OnAnswerText,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const answerId = this.#nextAnswerId++;
    if (onText !== undefined) this.#answers.set(answerId, onText);
    try {
      return await this.request(askRequest, { ...parameters, answerId }, signal);
    } finally {
      this.#answers.delete(answerId);
    }
  }

  /** Sends a notification; does nothing if the engine has gone. */
  notify<P>(type: NotificationType<P>, parameters: NoInfer<P>): void {
    if (this.#disconnected) return;
    this.#connection.sendNotification(type.method, parameters).catch(() => undefined);
  }

  /** Ends the connection; rejects pending requests with code `disconnected`. */
  dispose(): void {
    if (this.#disconnected) return;
    this.#disconnected = true;
    this.#connection.dispose();
  }

  #ended(): boolean {
    return this.#disconnected;
  }

  #on<P>(type: NotificationType<P>, hear: (parameters: P) => void): void {
    this.#connection.onNotification(type.method, (payload: unknown) => {
      hear(type.parameters.parse(payload));
    });
  }

  /** Returns the engine's own code and sentence, if it sent them. */
  #translate(error: unknown): EngineRequestError {
    const parsed = errorDataSchema.safeParse(error instanceof ResponseError ? error.data : null);
    if (!parsed.success) {
      const sentence = 'The engine and this program are of different versions. Restart both.';
      return new EngineRequestError('internal', sentence, { cause: error });
    }
    const { code, message } = parsed.data;
    if (isEngineErrorCode(code)) return new EngineRequestError(code, message, { cause: error });
    const text = `The engine failed with the unknown code "${plainLine(code, 40)}".`;
    this.#listener.onLog?.({ level: 'error', text });
    return new EngineRequestError('internal', message, { cause: error });
  }
}

function disconnected(cause?: unknown): EngineRequestError {
  return new EngineRequestError('disconnected', 'The engine stopped before it answered.', {
    cause,
  });
}
