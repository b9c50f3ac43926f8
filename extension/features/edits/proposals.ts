/** Proposed changes: a file beside its text with the change, to accept or discard. */

import * as vscode from 'vscode';
import { Disposables } from '../editor/disposables.ts';
import { changeBetween } from './place-code.ts';

/** The scheme of the texts that are proposed. */
const scheme = 'loci-proposal';

interface Proposal {
  readonly file: vscode.Uri;
  /** The file's text that the change was made for. */
  readonly before: string;
  readonly after: string;
}

/** Shows proposals as differences. Nothing is written before one is accepted. */
export class Proposals implements vscode.TextDocumentContentProvider {
  readonly #disposables = new Disposables();
  readonly #open = new Map<string, Proposal>();
  #made = 0;

  constructor() {
    this.#disposables.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.#disposables.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) {
          const shown = proposalOf(tab);
          if (shown !== null) this.#open.delete(shown.toString());
        }
      }),
    );
  }

  /** The text of a proposal, for the editor. */
  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#open.get(uri.toString())?.after ?? '';
  }

  /** Shows a document beside its text with a change. */
  async show(document: vscode.TextDocument, after: string): Promise<void> {
    const before = document.getText();
    if (after === before) {
      void vscode.window.showInformationMessage('The file has this code already.');
      return;
    }
    this.#made += 1;
    const uri = document.uri.with({
      scheme,
      query: `${document.uri.scheme}-${String(this.#made)}`,
    });
    this.#open.set(uri.toString(), { file: document.uri, before, after });
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    await vscode.commands.executeCommand(
      'vscode.diff',
      document.uri,
      uri,
      `${name}: Proposed Change`,
      { preview: false },
    );
  }

  /** Writes a proposal into its file's editor, as one step that can be undone. */
  async accept(argument: unknown): Promise<void> {
    const [uri, proposal] = this.#chosen(argument) ?? [];
    if (uri === undefined || proposal === undefined) return;
    const document = await vscode.workspace.openTextDocument(proposal.file);
    if (document.getText() !== proposal.before) {
      void vscode.window.showWarningMessage(
        'The file has changed since this change was proposed. Discard it and apply the code again.',
      );
      return;
    }
    const { start, end, text } = changeBetween(proposal.before, proposal.after);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(proposal.file, range, text);
    if (!(await vscode.workspace.applyEdit(edit))) {
      void vscode.window.showWarningMessage('The file was not changed: it is read-only.');
      return;
    }
    await this.#close(uri);
    const editor = await vscode.window.showTextDocument(document);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** Closes a proposal. */
  async discard(argument: unknown): Promise<void> {
    const [uri] = this.#chosen(argument) ?? [];
    if (uri !== undefined) await this.#close(uri);
  }

  /** Forgets all proposals. */
  dispose(): void {
    this.#disposables.dispose();
    this.#open.clear();
  }

  /** The proposal that a command is about: that of its editor, or the active one. */
  #chosen(argument: unknown): [vscode.Uri, Proposal] | null {
    const active = proposalOf(vscode.window.tabGroups.activeTabGroup.activeTab);
    // The editor names the side that has the focus, which may be the file's own.
    for (const uri of argument instanceof vscode.Uri ? [argument, active] : [active]) {
      const proposal = uri === null ? undefined : this.#open.get(uri.toString());
      if (uri !== null && proposal !== undefined) return [uri, proposal];
    }
    return null;
  }

  async #close(uri: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const shown = tabs.filter((tab) => proposalOf(tab)?.toString() === uri.toString());
    await vscode.window.tabGroups.close(shown);
    this.#open.delete(uri.toString());
  }
}

/** The proposed text that a tab shows; null if it shows none. */
function proposalOf(tab: vscode.Tab | undefined): vscode.Uri | null {
  if (!(tab?.input instanceof vscode.TabInputTextDiff)) return null;
  const { modified } = tab.input;
  return modified.scheme === scheme ? modified : null;
}
