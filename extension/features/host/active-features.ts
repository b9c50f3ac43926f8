/** All features, started: what the editor, the session and the views tell goes to them. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { FromView } from '../../protocol/webview.ts';
import { Disposables } from '../editor/disposables.ts';
import type { ActiveFeature, Feature, Host } from './feature.ts';

/** Starts features and their commands, in their order, and tells them things in that order. */
export class ActiveFeatures {
  readonly #disposables = new Disposables();
  readonly #active: readonly ActiveFeature[];

  /** @param host what they work with */
  constructor(features: readonly Feature[], host: Host) {
    this.#active = features.map((feature) => {
      const active = feature.activate(host);
      this.#disposables.add(active.part);
      for (const command of feature.commands) {
        const run = (argument: unknown): unknown => active.run(command, argument);
        this.#disposables.add(vscode.commands.registerCommand(command, run));
      }
      return active;
    });
  }

  /** Tells them what the session is in. */
  update(state: SessionState): void {
    for (const { part } of this.#active) part.update?.(state);
  }

  /** Does what a message of a view asks for. */
  receive(message: FromView): void {
    for (const active of this.#active) active.receive(message);
  }

  /** Ends what runs: the first that has something. */
  cancel(): void {
    this.#active.some((active) => active.cancel());
  }

  /** To be called before the engine ends. */
  stop(): void {
    for (const { part } of this.#active) part.stop?.();
  }

  /** Gives everything back. */
  dispose(): void {
    this.#disposables.dispose();
  }
}
