/** All started features: forwards events of the editor, the session and the views to them. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { FromView } from '../../protocol/webview.ts';
import { Disposables } from '../editor/disposables.ts';
import type { ActiveFeature, Feature, Host } from './feature.ts';

/** Starts features and their commands in order, and forwards events in this order. */
export class ActiveFeatures {
  readonly #disposables = new Disposables();
  readonly #active: readonly ActiveFeature[];

  /** @param host passed to every feature */
  constructor(features: readonly Feature[], host: Host) {
    this.#active = features.map((feature) => {
      const active = feature.activate(host);
      this.#disposables.add(active.part);
      for (const command of feature.commands) {
        const run = (argument: unknown, all: unknown): unknown =>
          active.run(command, argument, all);
        this.#disposables.add(vscode.commands.registerCommand(command, run));
      }
      return active;
    });
  }

  /** Forwards the state of the session. */
  update(state: SessionState): void {
    for (const { part } of this.#active) part.update?.(state);
  }

  /** Handles a message of a view. */
  receive(message: FromView): void {
    for (const active of this.#active) active.receive(message);
  }

  /** Cancels the work of the first feature that has some. */
  cancel(): void {
    this.#active.some((active) => active.cancel());
  }

  /** Call before the engine ends. */
  stop(): void {
    for (const { part } of this.#active) part.stop?.();
  }

  /** Disposes everything. */
  dispose(): void {
    this.#disposables.dispose();
  }
}
