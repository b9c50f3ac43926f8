/** What every view may request from the editor: files, folders, and inserting an answer's code. */

import * as vscode from 'vscode';
import type { FromView } from '../../protocol/webview.ts';
import { insertCode } from '../editor/insert-code.ts';
import { openFile } from '../editor/open-file.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';

class Documents implements Part {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Opens a file of the workspace, at its lines if given. */
  open({ path, fromLine, toLine }: Extract<FromView, { type: 'open' }>): void {
    const lines = fromLine === null ? null : { from: fromLine, to: toLine ?? fromLine };
    void openFile(path, lines, this.#host.session.roots);
  }

  dispose(): void {
    // It holds nothing.
  }
}

/** The editor's documents, for the views. */
export const documents = defineFeature({
  activate: (host) => new Documents(host),
  messages: {
    open: (part, message) => {
      part.open(message);
    },
    'copy-code': (_, { text }) => vscode.env.clipboard.writeText(text),
    insert: (_, { text }) => insertCode(text),
  },
  actions: {
    'open-folder': () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
  },
});
