/** The beginning of a question about what is selected in an editor. */

import * as vscode from 'vscode';

/** Such as `In src/a.ts:3-8, `; null where no file of the workspace is shown. */
function selectionReference(editor: vscode.TextEditor | undefined): string | null {
  if (editor === undefined) return null;
  const { document, selection } = editor;
  if (vscode.workspace.getWorkspaceFolder(document.uri) === undefined) return null;
  const path = vscode.workspace.asRelativePath(document.uri);
  const from = selection.start.line + 1;
  // A selection of whole lines ends at the beginning of the next.
  const atLineStart = selection.end.character === 0 && selection.end.line > selection.start.line;
  const to = atLineStart ? selection.end.line : selection.end.line + 1;
  const lines = from === to ? String(from) : `${String(from)}-${String(to)}`;
  return `In ${path}:${lines}, `;
}

export interface SelectionQuestionOptions {
  /** Shows the chat. */
  readonly show: () => Thenable<unknown>;
  /** Begins the question in the chat; false while the view is not there yet. */
  readonly begin: (text: string) => boolean;
}

/** Loci: Ask About This. Begins a question about the selection, once the chat can take it. */
export class SelectionQuestion {
  readonly #options: SelectionQuestionOptions;
  #pending: string | null = null;

  /** @param options the chat */
  constructor(options: SelectionQuestionOptions) {
    this.#options = options;
  }

  /** Runs the command. */
  async run(): Promise<void> {
    const reference = selectionReference(vscode.window.activeTextEditor);
    if (reference === null) {
      void vscode.window.showInformationMessage('Open a file of this workspace to ask about it.');
      return;
    }
    this.#pending = reference;
    await this.#options.show();
    this.flush();
  }

  /** To be called when the view has loaded. */
  flush(): void {
    if (this.#pending !== null && this.#options.begin(this.#pending)) this.#pending = null;
  }
}
