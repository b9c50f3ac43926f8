/** The common parts of the views: the page, checked messages, the lifetime of the webview. */

import type * as vscode from 'vscode';
import { fromViewSchema } from '../../protocol/webview.ts';
import type { FromView } from '../../protocol/webview.ts';
import { pageResources, renderPage } from './page.ts';

export interface ViewHostOptions<ToView> {
  readonly extensionUri: vscode.Uri;
  /** The folder of its page in `webview`. */
  readonly name: string;
  /** Returns everything that a view needs when it has loaded. */
  readonly snapshot: () => readonly ToView[];
  readonly onMessage: (message: FromView) => void;
  /** Called each time the view is shown. */
  readonly onShown: () => void;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Shows a view and exchanges messages with it. Drops messages while it is hidden: it asks again.
 */
export class ViewHost<ToView> implements vscode.WebviewViewProvider {
  readonly #options: ViewHostOptions<ToView>;
  #view: vscode.WebviewView | null = null;
  #loaded = false;

  /** @param options the view's content and message handlers */
  constructor(options: ViewHostOptions<ToView>) {
    this.#options = options;
  }

  /** Sends a message to the view if it is ready, and returns whether it was. */
  post(message: ToView): boolean {
    if (!this.#loaded || this.#view === null) return false;
    void this.#view.webview.postMessage(message);
    return true;
  }

  /** Whether the view has been opened and not closed since. */
  get opened(): boolean {
    return this.#view !== null;
  }

  /** Called by the editor each time the view must be filled. */
  resolveWebviewView(view: vscode.WebviewView): void {
    const { extensionUri, name, onShown } = this.#options;
    this.#view = view;
    this.#loaded = false;
    view.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [pageResources(extensionUri)],
    };
    const subscriptions = [
      view.webview.onDidReceiveMessage((message: unknown) => {
        this.#receive(message);
      }),
      view.onDidChangeVisibility(() => {
        // A hidden page is discarded; when shown again, it reloads and reports it.
        if (view.visible) onShown();
        else this.#loaded = false;
      }),
    ];
    view.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      if (this.#view !== view) return;
      this.#view = null;
      this.#loaded = false;
    });
    view.webview.html = renderPage(view.webview, extensionUri, name);
    onShown();
  }

  #receive(raw: unknown): void {
    const { name, log, snapshot, onMessage } = this.#options;
    const checked = fromViewSchema.safeParse(raw);
    if (!checked.success) {
      log.warn(`The ${name} view sent an invalid message: ${checked.error.message}`);
      return;
    }
    const message = checked.data;
    if (message.type === 'loaded') {
      this.#loaded = true;
      for (const part of snapshot()) this.post(part);
    } else if (message.type === 'fault') {
      log.error(`The ${name} view: ${message.message}`);
    }
    onMessage(message);
  }
}
