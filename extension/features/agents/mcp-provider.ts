/** Offers `loci mcp` to the editor: the same server as in a terminal, with the editor's settings. */

import * as vscode from 'vscode';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { calls, recallMode } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { mcpArguments } from './mcp-arguments.ts';

export interface McpProviderOptions {
  readonly extensionUri: vscode.Uri;
  readonly version: string;
  /** @throws where there is no folder or a setting makes no sense */
  readonly parameters: () => OpenParameters;
}

/** One server, for the folders of the workspace. The editor starts it where the user wants it. */
export class McpProvider implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition> {
  readonly #options: McpProviderOptions;
  readonly #disposables = new Disposables();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(options: McpProviderOptions) {
    this.#options = options;
    const changed = (): void => {
      this.#changed.fire();
    };
    this.#disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(changed));
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (calls(event, 'reread')) changed();
      }),
    );
  }

  provideMcpServerDefinitions(): vscode.McpStdioServerDefinition[] {
    const { extensionUri, version, parameters } = this.#options;
    let given: string[];
    try {
      given = mcpArguments(parameters(), recallMode());
    } catch {
      return []; // There is nothing to ask, or the reading says which setting is wrong.
    }
    const program = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.mjs').fsPath;
    // The desktop's extension host is Electron: without this it would open a second editor.
    const env = { ELECTRON_RUN_AS_NODE: '1' };
    const { execPath } = process;
    return [
      new vscode.McpStdioServerDefinition('Loci', execPath, [program, ...given], env, version),
    ];
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
