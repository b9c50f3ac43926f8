/** The extension, as seen from a view. */

import type { z } from 'zod';
import type { Action, FromView } from '../../extension/protocol/webview.ts';

interface EditorApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The view's end of the channel. Made once: the editor hands its interface out once. */
export class Host {
  readonly #api: EditorApi = acquireVsCodeApi();

  /** Sends a message. */
  post(message: FromView): void {
    this.#api.postMessage(message);
  }

  /** Asks for an action. */
  act(action: Action): void {
    this.post({ type: 'action', action });
  }

  /** Opens a file of the workspace, at these lines if given. */
  open(path: string, fromLine: number | null = null, toLine: number | null = fromLine): void {
    this.post({ type: 'open', path, fromLine, toLine });
  }

  /** Hears every message that passes the schema; others are reported, not used. */
  listen<T>(schema: z.ZodType<T>, onMessage: (message: T) => void): void {
    this.listenToAll((message) => {
      const checked = schema.safeParse(message);
      if (checked.success) onMessage(checked.data);
      else this.fault(`The view received an invalid message: ${checked.error.message}`);
    });
  }

  /** Hears every message, unchecked, and reports every fault of the page. */
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

  /** Does one part of the work: a failure in it is reported and does not stop the others. */
  attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fault(`${what} failed: ${String(error)}`);
    }
  }

  /** What the view kept when it was last hidden, where it still has that form. */
  restore<T>(schema: z.ZodType<T>, fallback: T): T {
    const checked = schema.safeParse(this.#api.getState());
    return checked.success ? checked.data : fallback;
  }

  /** Keeps something for when the view is shown again. */
  keep(state: unknown): void {
    this.#api.setState(state);
  }
}
