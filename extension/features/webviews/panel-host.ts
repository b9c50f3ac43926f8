/** A page in the editor's area: one panel, the checked messages, the life of the webview. */

import * as vscode from 'vscode';
import { fromViewSchema } from '../../protocol/webview.ts';
import type { FromView } from '../../protocol/webview.ts';
import { pageResources, renderPage } from './page.ts';

export interface PanelHostOptions<ToView> {
  readonly extensionUri: vscode.Uri;
  /** The folder of its page in `webview`. */
  readonly name: string;
  readonly title: string;
  /** Everything that the page must know when it has loaded. */
  readonly snapshot: () => readonly ToView[];
  /** Hears what the page says, but that it has loaded and its faults. */
  readonly onMessage: (message: FromView) => void;
  readonly log: vscode.LogOutputChannel;
}

/** Opens the panel and talks to it. While it is hidden messages are dropped: it asks anew. */
export class PanelHost<ToView> implements vscode.Disposable {
  readonly #options: PanelHostOptions<ToView>;
  #panel: vscode.WebviewPanel | null = null;
  #loaded = false;

  /** @param options what the page shows and whom it talks to */
  constructor(options: PanelHostOptions<ToView>) {
    this.#options = options;
  }

  /** Whether the page is there to hear anything. */
  get listens(): boolean {
    return this.#loaded && this.#panel !== null;
  }

  /** Opens the panel, or brings it to the front. */
  show(): void {
    if (this.#panel === null) this.#open();
    else this.#panel.reveal();
  }

  /** Sends a message to the page if it is there to hear it. */
  post(message: ToView): void {
    if (this.listens) void this.#panel?.webview.postMessage(message);
  }

  /** Closes the panel. */
  dispose(): void {
    this.#panel?.dispose();
  }

  #open(): void {
    const { extensionUri, name, title } = this.#options;
    const panel = vscode.window.createWebviewPanel(
      `loci.${name}`,
      title,
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        enableForms: false,
        enableCommandUris: false,
        localResourceRoots: [pageResources(extensionUri)],
      },
    );
    this.#panel = panel;
    this.#loaded = false;
    panel.webview.onDidReceiveMessage((message: unknown) => {
      this.#receive(message);
    });
    panel.onDidChangeViewState(() => {
      // Hidden, the page is gone; shown again, it loads anew and says so.
      if (!panel.visible) this.#loaded = false;
    });
    panel.onDidDispose(() => {
      this.#panel = null;
      this.#loaded = false;
    });
    panel.webview.html = renderPage(panel.webview, extensionUri, name);
  }

  #receive(raw: unknown): void {
    const { name, log, snapshot, onMessage } = this.#options;
    const checked = fromViewSchema.safeParse(raw);
    if (!checked.success) {
      log.warn(`The ${name} view sent an invalid message: ${checked.error.message}`);
    } else if (checked.data.type === 'loaded') {
      this.#loaded = true;
      for (const part of snapshot()) this.post(part);
    } else if (checked.data.type === 'fault') {
      log.error(`The ${name} view: ${checked.data.message}`);
    } else {
      onMessage(checked.data);
    }
  }
}
