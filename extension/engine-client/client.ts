/** The caller's end of the engine's protocol: typed requests, results checked on arrival. */

import type { ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { CancellationToken, Disposable, MessageConnection } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import type {
  Answer,
  AskParameters,
  CompleteParameters,
  Completion,
  DeviceReport,
  OpenParameters,
  OpenResult,
  Progress,
  RefineParameters,
  Retention,
  RetentionParameters,
} from '../protocol/engine.ts';
import { isEngineErrorCode } from '../protocol/errors.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { measureRepositoryRequest, repositorySizeSchema } from '../protocol/measure-repository.ts';
import type {
  MeasureRepositoryParameters,
  RepositorySize,
} from '../protocol/measure-repository.ts';
import {
  findModelsRequest,
  foundModelsSchema,
  inspectModelRequest,
  modelInspectionSchema,
} from '../protocol/models.ts';
import type { FoundModel, InspectModelParameters, ModelInspection } from '../protocol/models.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { probeScoresSchema, probeSetSchema } from '../protocol/quality.ts';
import type {
  ProbeScore,
  ProbeSet,
  ProbesParameters,
  ScoreParameters,
} from '../protocol/quality.ts';
import {
  adoptRequest,
  answerTextNotification,
  answerTextSchema,
  askRequest,
  completeRequest,
  devicesRequest,
  engineStateSchema,
  logMessageSchema,
  logNotification,
  openRequest,
  probesRequest,
  progressNotification,
  refineRequest,
  retentionRequest,
  scoreRequest,
  stateNotification,
  stateRequest,
  threadsNotification,
} from '../protocol/rpc.ts';
import type { EngineState, LogMessage } from '../protocol/rpc.ts';
import {
  answerSchema,
  completionSchema,
  deviceReportSchema,
  errorDataSchema,
  openResultSchema,
  progressSchema,
  retentionSchema,
} from '../protocol/schemas.ts';

/** A failure that the engine reported: a code to act on and one sentence for the user. */
export class EngineRequestError extends Error {
  override readonly name = 'EngineRequestError';
  readonly code: ErrorCode;

  /**
   * @param code the engine's code, e.g. `cancelled` or `budget-too-small`; `disconnected` where the
   *   engine went away before it answered.
   * @param message one sentence for the user.
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What the engine tells without being asked. */
export interface EngineListener {
  readonly onState?: (state: EngineState) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly onLog?: (message: LogMessage) => void;
}

/** Hears a piece of an answer, and with the first one the names that occur nowhere. */
export type OnAnswerText = (text: string, unknownNames: readonly string[]) => void;

/** One connection to one engine process. It does not own the process. */
export class EngineClient implements Disposable {
  readonly #connection: MessageConnection;
  readonly #answers = new Map<number, OnAnswerText>();
  readonly #listener: EngineListener;
  #nextAnswerId = 1;
  #disconnected = false;

  /**
   * @param child a process forked with an IPC channel and `serialization: 'json'`.
   * @param listener hears notifications for as long as the connection lives.
   */
  constructor(child: ChildProcess, listener: EngineListener = {}) {
    this.#listener = listener;
    this.#connection = createMessageConnection(
      new IPCMessageReader(child),
      new IPCMessageWriter(child),
    );
    this.#connection.onNotification(stateNotification, (state) =>
      listener.onState?.(engineStateSchema.parse(state)),
    );
    this.#connection.onNotification(progressNotification, (progress) =>
      listener.onProgress?.(progressSchema.parse(progress)),
    );
    this.#connection.onNotification(logNotification, (message) =>
      listener.onLog?.(logMessageSchema.parse(message)),
    );
    this.#connection.onNotification(answerTextNotification, (piece) => {
      const { answerId, text, unknownNames } = answerTextSchema.parse(piece);
      this.#answers.get(answerId)?.(text, unknownNames ?? []);
    });
    this.#connection.onClose(() => {
      this.dispose();
    });
    child.once('exit', () => {
      this.dispose();
    });
    this.#connection.listen();
  }

  /** Loads the model and reads the repository. @throws EngineRequestError */
  open(parameters: OpenParameters, signal?: AbortSignal): Promise<OpenResult> {
    return this.#request(openResultSchema, signal, (token) =>
      this.#connection.sendRequest(openRequest, parameters, token),
    );
  }

  /** The memory that is held, where these parameters come to it. @throws EngineRequestError */
  adopt(parameters: OpenParameters, signal?: AbortSignal): Promise<OpenResult | null> {
    return this.#request(openResultSchema.nullable(), signal, (token) =>
      this.#connection.sendRequest(adoptRequest, parameters, token),
    );
  }

  /** Reads the repository again for a better memory. @throws EngineRequestError */
  refine(parameters: RefineParameters, signal?: AbortSignal): Promise<OpenResult> {
    return this.#request(openResultSchema, signal, (token) =>
      this.#connection.sendRequest(refineRequest, parameters, token),
    );
  }

  /**
   * Answers one question.
   * @param onText hears the answer as it is written, whole characters at a time; before it, with an
   *   empty text, the names of the question that occur nowhere in what was read.
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
      return await this.#request(answerSchema, signal, (token) =>
        this.#connection.sendRequest(askRequest, { ...parameters, answerId }, token),
      );
    } finally {
      this.#answers.delete(answerId);
    }
  }

  /** Completes at a cursor. @throws EngineRequestError */
  complete(parameters: CompleteParameters, signal?: AbortSignal): Promise<Completion> {
    return this.#request(completionSchema, signal, (token) =>
      this.#connection.sendRequest(completeRequest, parameters, token),
    );
  }

  /** What of the repository is held. @throws EngineRequestError */
  retention(parameters: RetentionParameters, signal?: AbortSignal): Promise<Retention> {
    return this.#request(retentionSchema, signal, (token) =>
      this.#connection.sendRequest(retentionRequest, parameters, token),
    );
  }

  /** Questions that the repository's own code asks. @throws EngineRequestError */
  probes(parameters: ProbesParameters, signal?: AbortSignal): Promise<ProbeSet> {
    return this.#request(probeSetSchema, signal, (token) =>
      this.#connection.sendRequest(probesRequest, parameters, token),
    );
  }

  /** How well such questions are answered. @throws EngineRequestError */
  score(parameters: ScoreParameters, signal?: AbortSignal): Promise<readonly ProbeScore[]> {
    return this.#request(probeScoresSchema, signal, (token) =>
      this.#connection.sendRequest(scoreRequest, parameters, token),
    );
  }

  /** How large a repository is, without reading it. @throws EngineRequestError */
  measureRepository(
    parameters: MeasureRepositoryParameters,
    signal?: AbortSignal,
  ): Promise<RepositorySize> {
    return this.#request(repositorySizeSchema, signal, (token) =>
      this.#connection.sendRequest(measureRepositoryRequest, parameters, token),
    );
  }

  /** What a model file is, without loading it. @throws EngineRequestError */
  inspectModel(parameters: InspectModelParameters, signal?: AbortSignal): Promise<ModelInspection> {
    return this.#request(modelInspectionSchema, signal, (token) =>
      this.#connection.sendRequest(inspectModelRequest, parameters, token),
    );
  }

  /** Model files in this machine's usual folders. @throws EngineRequestError */
  findModels(signal?: AbortSignal): Promise<readonly FoundModel[]> {
    return this.#request(foundModelsSchema, signal, (token) =>
      this.#connection.sendRequest(findModelsRequest, {}, token),
    );
  }

  /** The devices that this machine offers. @throws EngineRequestError */
  devices(signal?: AbortSignal): Promise<readonly DeviceReport[]> {
    return this.#request(z.array(deviceReportSchema), signal, (token) =>
      this.#connection.sendRequest(devicesRequest, token),
    );
  }

  /** What the engine is doing. @throws EngineRequestError */
  state(): Promise<EngineState> {
    return this.#request(engineStateSchema, undefined, (token) =>
      this.#connection.sendRequest(stateRequest, token),
    );
  }

  /** Computes with so many threads from now on; 0: as many as the machine has free. */
  setThreads(threads: number): void {
    if (this.#disconnected) return;
    this.#connection.sendNotification(threadsNotification, threads).catch(() => undefined);
  }

  /** Ends the connection; requests under way are rejected with code `disconnected`. */
  dispose(): void {
    if (this.#disconnected) return;
    this.#disconnected = true;
    this.#connection.dispose();
  }

  #ended(): boolean {
    return this.#disconnected;
  }

  async #request<T>(
    schema: z.ZodType<T>,
    signal: AbortSignal | undefined,
    send: (token: CancellationToken) => Promise<unknown>,
  ): Promise<T> {
    if (this.#ended()) throw disconnected();
    const source = new CancellationTokenSource();
    const cancel = (): void => {
      source.cancel();
    };
    if (signal?.aborted === true) throw new EngineRequestError('cancelled', 'Cancelled.');
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return schema.parse(await send(source.token));
    } catch (error) {
      throw this.#ended() ? disconnected(error) : this.#translate(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  /** The engine's own code and sentence where it sent them. */
  #translate(error: unknown): EngineRequestError {
    const parsed = errorDataSchema.safeParse(error instanceof ResponseError ? error.data : null);
    if (!parsed.success) {
      const sentence = 'The engine and this program do not understand each other. Restart both.';
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
  return new EngineRequestError('disconnected', 'The engine stopped before it had answered.', {
    cause,
  });
}
