import './protocol/jitless.ts';
import * as vscode from 'vscode';
import { LociContext } from './context.ts';

let context: LociContext | null = null;

/** Called by the editor when Loci is first needed. */
export function activate(extension: vscode.ExtensionContext): void {
  try {
    context = new LociContext(extension);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`Loci could not start: ${message}`);
    throw error;
  }
}

/** Called by the editor when it closes; the engine ends with it. */
export async function deactivate(): Promise<void> {
  await context?.dispose();
  context = null;
}
