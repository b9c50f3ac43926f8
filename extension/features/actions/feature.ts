/** Questions from the editor: its light bulb and its context menu. */

import * as vscode from 'vscode';
import { questionAbout } from '../../protocol/chat-commands.ts';
import type { CodeCommand } from '../../protocol/chat-commands.ts';
import { mentionOf } from '../editor/selection.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { fixQuestion, QuestionActions } from './code-actions.ts';

class Actions implements Part {
  readonly #host: Host;
  readonly #provider: vscode.Disposable;

  constructor(host: Host) {
    this.#host = host;
    this.#provider = vscode.languages.registerCodeActionsProvider(
      { scheme: 'file' },
      new QuestionActions(() => host.session.roots),
      {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.Refactor],
      },
    );
  }

  /** Asks in the chat about the selection, or the line of the cursor. */
  ask(command: CodeCommand): void {
    const editor = vscode.window.activeTextEditor;
    const { roots } = this.#host.session;
    const mention =
      editor === undefined ? null : mentionOf(editor.document, editor.selection, roots);
    if (editor === undefined || mention === null) {
      void vscode.window.showInformationMessage('Open a file of this workspace to ask about it.');
      return;
    }
    const { document, selection } = editor;
    const question =
      command === 'fix'
        ? fixQuestion(document, selection, problemsIn(document.uri, selection), roots)
        : questionAbout(command, mention);
    void vscode.commands.executeCommand('loci.ask', question);
  }

  dispose(): void {
    this.#provider.dispose();
  }
}

function problemsIn(uri: vscode.Uri, range: vscode.Range): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((problem) => problem.range.intersection(range) !== undefined);
}

/** Commands about the code in the editor. */
export const actions = defineFeature({
  activate: (host) => new Actions(host),
  commands: {
    'loci.explainSelection': (part) => {
      part.ask('explain');
    },
    'loci.fixSelection': (part) => {
      part.ask('fix');
    },
    'loci.testSelection': (part) => {
      part.ask('tests');
    },
    'loci.documentSelection': (part) => {
      part.ask('doc');
    },
    'loci.reviewSelection': (part) => {
      part.ask('review');
    },
  },
});
