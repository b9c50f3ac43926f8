/** The measurement of quality against budget, in the editor's area. */

import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import { fromViewSchema } from '../../protocol/webview.ts';
import type { ToQuality } from '../../protocol/webview.ts';
import type { QualityReport } from '../../protocol/quality-report.ts';
import { pageResources, renderPage } from '../webviews/page.ts';

/** A panel that shows the last measurement. */
export class QualityPanel implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  #panel: vscode.WebviewPanel | null = null;
  #report: QualityReport | null = null;

  /** @param extensionUri the folder of the page's files */
  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#log = log;
  }

  /** Shows a measurement in place of the previous one. */
  show(report: QualityReport): void {
    this.#report = report;
    if (this.#panel === null) {
      this.#open();
    } else {
      this.#panel.reveal();
      this.#post();
    }
  }

  /** Closes the panel. */
  dispose(): void {
    this.#panel?.dispose();
  }

  #open(): void {
    const panel = vscode.window.createWebviewPanel(
      'loci.quality',
      'Loci: Quality',
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        enableForms: false,
        enableCommandUris: false,
        localResourceRoots: [pageResources(this.#extensionUri)],
      },
    );
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((message: unknown) => {
      this.#receive(message);
    });
    panel.onDidDispose(() => {
      this.#panel = null;
    });
    panel.webview.html = renderPage(panel.webview, this.#extensionUri, 'quality');
  }

  #receive(raw: unknown): void {
    const checked = fromViewSchema.safeParse(raw);
    if (!checked.success) {
      this.#log.warn(`The quality view sent an invalid message: ${checked.error.message}`);
    } else if (checked.data.type === 'loaded') {
      this.#post();
    } else if (checked.data.type === 'use-budget') {
      void this.#use(checked.data.budget);
    } else if (checked.data.type === 'fault') {
      this.#log.error(`The quality view: ${checked.data.message}`);
    }
  }

  /** Sets a budget measured in this report, in the scope in which the setting is defined. */
  async #use(budget: string): Promise<void> {
    if (this.#report?.cells.some((cell) => cell.budget === budget) !== true) return;
    const settings = vscode.workspace.getConfiguration('loci');
    const inWorkspace = settings.inspect('budget')?.workspaceValue !== undefined;
    try {
      await settings.update(
        'budget',
        budget,
        inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
      );
      void vscode.window.showInformationMessage(`Loci now uses a budget of ${budget}.`);
    } catch (error) {
      this.#log.error(failureDetail(error));
      void vscode.window.showErrorMessage(
        'The budget could not be saved. Check that your settings can be written.',
      );
    }
  }

  #post(): void {
    if (this.#report === null) return;
    const message: ToQuality = { type: 'quality', report: this.#report };
    void this.#panel?.webview.postMessage(message);
  }
}
