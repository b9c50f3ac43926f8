/** Completions while the user types. */

import * as vscode from 'vscode';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { CompletionProvider, completionSelector } from './provider.ts';

class Completions implements Part {
  readonly #provider: CompletionProvider;
  readonly #registration: vscode.Disposable;
  #lastResult: OpenResult | null = null;

  constructor({ session, log }: Host) {
    this.#provider = new CompletionProvider(session, log);
    this.#registration = vscode.languages.registerInlineCompletionItemProvider(
      completionSelector,
      this.#provider,
    );
  }

  update(state: SessionState): void {
    if (state.kind !== 'ready' || state.result === this.#lastResult) return;
    this.#provider.reset();
    this.#lastResult = state.result;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** Inline completions. */
export const completion = defineFeature({ activate: (host) => new Completions(host) });
