/** Tokens for downloads: a secret of the editor for each host, sent to that host alone. */

import * as vscode from 'vscode';

/** Reads and asks for tokens. */
export class ModelTokens {
  readonly #secrets: vscode.SecretStorage;

  /** @param secrets the editor's own store */
  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The token for a host; null: none is set. */
  async get({ origin }: URL): Promise<string | null> {
    const token = (await this.#secrets.get(keyOf(origin))) ?? '';
    return token === '' ? null : token;
  }

  /** Lets the user write a token; an empty one deletes it. @returns whether there is one now */
  async ask({ origin, host }: URL): Promise<boolean> {
    const text = await vscode.window.showInputBox({
      title: `Token for ${host}`,
      prompt: `It is kept in the editor's secret storage and sent to ${host} only. Leave it empty to delete it.`,
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) =>
        /^[\x21-\x7e]*$/u.test(value.trim()) ? null : 'A token has letters and digits only.',
    });
    if (text === undefined) return false;
    const token = text.trim();
    if (token === '') await this.#secrets.delete(keyOf(origin));
    else await this.#secrets.store(keyOf(origin), token);
    return token !== '';
  }
}

function keyOf(origin: string): string {
  return `loci.modelToken ${origin}`;
}
