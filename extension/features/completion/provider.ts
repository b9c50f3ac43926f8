/** Inline completions from the same engine and the same memory as the chat. */

import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import { completionEnabled } from '../../settings/settings.ts';
import { pathInRoots, type Root } from '../editor/workspace-path.ts';
import { CompletionCache } from './completion-cache.ts';
import { completesIn } from './places.ts';
import type { DocumentPlace } from './places.ts';
import { surroundings } from './surroundings.ts';

/** Documents that may have completions; {@link completesIn} decides on each. */
export const completionSelector: vscode.DocumentSelector = [
  { scheme: 'file' },
  { scheme: 'untitled' },
  { scheme: 'vscode-notebook-cell' },
];

/** During typing, only the last keystroke counts. */
const debounceMs = 75;
const maxTokens = 96;

/** The walkthrough knows by this key that a completion was accepted. */
const afterAccepting: vscode.Command = {
  title: '',
  command: 'setContext',
  arguments: ['loci.completionAccepted', true],
};

interface Request {
  readonly path: string;
  readonly document: string;
  readonly prefix: string;
  readonly suffix: string;
  /** The selection in the suggestion widget, with which the completion must begin. */
  readonly selected: string;
  readonly range: vscode.Range;
}

/** Codes of requests that ended without a fault: by a newer one, a reading, or the engine's end. */
const harmless = ['cancelled', 'disconnected', 'engine-exited', 'not-open'] as const;

/**
 * Asks the engine at each pause in typing; the next keystroke cancels the request in the engine
 * too. Never asks the bundled model, not even on request: it was trained only on the sample.
 */
export class CompletionProvider implements vscode.InlineCompletionItemProvider {
  readonly #session: EngineSession;
  readonly #log: vscode.LogOutputChannel;
  readonly #cache = new CompletionCache();
  /** The model has no FIM tokens, so asking again would not help. */
  /** Of the last memory; true before there was one. */
  #bundled = true;
  #unsupported = false;

  /**
   * @param session answers only if it is ready: completing never starts the engine
   * @param log receives failures, which are not shown because the user did not ask for a completion
   */
  constructor(session: EngineSession, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#log = log;
  }

  /** Removes the completions of an earlier memory. */
  reset(): void {
    this.#cache.clear();
    this.#unsupported = false;
  }

  /** Called by the editor at each keystroke. */
  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    // A model that was unloaded is brought back by what follows.
    this.#bundled = memoryOf(this.#session.state)?.model.bundled ?? this.#bundled;
    if (this.#bundled || this.#unsupported) return [];
    if (!completesIn(placeOf(document))) return [];
    try {
      if (!completionEnabled(document)) return [];
      const request = describe(document, position, context, this.#session.roots);
      const text = this.#cache.get(request) ?? (await this.#ask(request, context, token));
      if (text === null || text === '' || token.isCancellationRequested) return [];
      return [
        new vscode.InlineCompletionItem(request.selected + text, request.range, afterAccepting),
      ];
    } catch (error) {
      // Neither the completion nor its failure is wanted any more.
      if (token.isCancellationRequested) return [];
      if (harmless.some((code) => isCode(error, code))) return [];
      this.#unsupported = isCode(error, 'completion-unsupported');
      this.#log.warn(failureDetail(error));
      return [];
    }
  }

  async #ask(
    request: Request,
    context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      if (context.triggerKind === vscode.InlineCompletionTriggerKind.Automatic) {
        await sleep(debounceMs);
        if (token.isCancellationRequested) return null;
      }
      const { path, prefix, suffix } = request;
      const completion = await this.#session.complete(
        { path, prefix, suffix, maxTokens },
        abort.signal,
      );
      if (completion === null) return null;
      this.#cache.set(request, completion.text);
      return completion.text;
    } finally {
      subscription.dispose();
    }
  }
}

function placeOf(document: vscode.TextDocument): DocumentPlace {
  const { uri } = document;
  const onDisk = uri.with({ scheme: 'file', fragment: '', query: '' });
  const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return {
    scheme: uri.scheme,
    inFolder: vscode.workspace.getWorkspaceFolder(onDisk)?.uri.scheme === 'file',
    inDiff:
      shown instanceof vscode.TabInputTextDiff && shown.modified.toString() === uri.toString(),
  };
}

function describe(
  document: vscode.TextDocument,
  position: vscode.Position,
  context: vscode.InlineCompletionContext,
  roots: readonly Root[],
): Request {
  const selected = context.selectedCompletionInfo;
  const range = selected?.range ?? new vscode.Range(position, position);
  const text = document.getText();
  const before = surroundings(text, document.offsetAt(range.start));
  const after = surroundings(text, document.offsetAt(range.end));
  return {
    path:
      pathInRoots(document.uri.fsPath, roots) ??
      vscode.workspace.asRelativePath(document.uri, false),
    document: document.uri.toString(),
    prefix: normalise(before.prefix + (selected?.text ?? '')),
    suffix: normalise(after.suffix),
    selected: selected?.text ?? '',
    range,
  };
}

/** The repository was read with `\n`. */
function normalise(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
