/** The extension as a view sees it. */

import type { z } from 'zod';
import type { Action, FromView } from '../../extension/protocol/webview.ts';

interface EditorApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The view's end of the channel. Create it once: the editor provides its API only once. */
export class Host {
  readonly #api: EditorApi = acquireVsCodeApi();

  /** Sends a message. */
  post(message: FromView): void {
    this.#api.postMessage(message);
  }

  /** Requests an action. */
  act(action: Action): void {
    this.post({ type: 'action', action });
  }

  /** Opens a file of the workspace, at the given lines if any. */
  open(path: string, fromLine: number | null = null, toLine: number | null = fromLine): void {
    this.post({ type: 'open', path, fromLine, toLine });
  }

  /** Listens to messages that match the schema; reports and ignores others. */
  listen<T>(schema: z.ZodType<T>, onMessage: (message: T) => void): void {
    this.listenToAll((message) => {
      const checked = schema.safeParse(message);
      if (checked.success) onMessage(checked.data);
      else this.fault(`The view received an invalid message: ${checked.error.message}`);
    });
  }

  /** Listens to all messages, unchecked, and reports all errors of the page. */
  listenToAll(onMessage: (message: unknown) => void): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      onMessage(event.data);
    });
    window.addEventListener('error', (event) => {
      this.fault(event.message);
    });
    window.addEventListener('unhandledrejection', (event) => {
      this.fault(String(event.reason));
    });
  }

  /** Reports a fault to the log. */
  fault(message: string): void {
    this.post({ type: 'fault', message: message.slice(0, 2_000) });
  }

  /** Does one part of the work; reports a failure so that other parts continue. */
  attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fault(`${what} failed: ${String(error)}`);
    }
  }

  /** Returns the state that the view last kept, or the fallback if it does not match the schema. */
  restore<T>(schema: z.ZodType<T>, fallback: T): T {
    const checked = schema.safeParse(this.#api.getState());
    return checked.success ? checked.data : fallback;
  }

  /** Keeps a state until the view is shown again. */
  keep(state: unknown): void {
    this.#api.setState(state);
  }
}
