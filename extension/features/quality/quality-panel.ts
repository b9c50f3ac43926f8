/** The measurement of quality against budget, in the editor's area. */

import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import type { ToQuality } from '../../protocol/webview.ts';
import type { QualityReport } from '../../protocol/quality-report.ts';
import { PanelHost } from '../webviews/panel-host.ts';

/** A panel that shows the last measurement. */
export class QualityPanel implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #panel: PanelHost<ToQuality>;
  #report: QualityReport | null = null;

  /** @param extensionUri the folder of the page's files */
  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#panel = new PanelHost<ToQuality>({
      extensionUri,
      name: 'quality',
      title: 'Loci: Quality',
      snapshot: () => this.#messages(),
      onMessage: (message) => {
        if (message.type === 'use-budget') void this.#use(message.budget);
      },
      log,
    });
  }

  /** Shows a measurement in place of the previous one. */
  show(report: QualityReport): void {
    this.#report = report;
    this.#panel.show();
    for (const message of this.#messages()) this.#panel.post(message);
  }

  /** Closes the panel. */
  dispose(): void {
    this.#panel.dispose();
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

  #messages(): ToQuality[] {
    return this.#report === null ? [] : [{ type: 'quality', report: this.#report }];
  }
}
