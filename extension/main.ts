import './protocol/jitless.ts';
import * as vscode from 'vscode';
import { LociContext } from './context.ts';

let context: LociContext | null = null;

/** Called by the editor when Loci is first needed. */
export function activate(extension: vscode.ExtensionContext): void {
  try {
    context = new LociContext(extension);
  } catch (error) {
    // The editor writes what is thrown to that log.
    void vscode.window.showErrorMessage(
      'Loci could not start. Restart the editor, or see the log of the extension host for the cause.',
    );
    throw error;
  }
}

/** Called by the editor when it closes; the engine ends with it. */
export async function deactivate(): Promise<void> {
  await context?.dispose();
  context = null;
}
