/** The way to the settings. */

import * as vscode from 'vscode';
import { defineFeature } from '../host/feature.ts';

const settingsQuery = '@ext:loci.loci';

/**
 * Opens the settings of this extension. Under a remote those of the remote machine: the model's path
 * is a setting of the machine that Loci runs on, which the page of the user's settings leaves out.
 */
async function openSettings(): Promise<void> {
  if (vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingsQuery);
  } else {
    const query = { query: settingsQuery };
    await vscode.commands.executeCommand('workbench.action.openRemoteSettings', query);
  }
}

/** The settings' page. */
export const settings = defineFeature({
  activate: () => ({ dispose: () => undefined }),
  commands: { 'loci.openSettings': openSettings },
  menu: [{ order: 80, label: '$(settings-gear) Open settings', command: 'loci.openSettings' }],
  actions: { 'open-settings': openSettings },
});
