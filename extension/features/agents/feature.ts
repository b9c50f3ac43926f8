/** What other agents in the editor may ask: a tool, and a server of the Model Context Protocol. */

import * as vscode from 'vscode';
import { Disposables } from '../editor/disposables.ts';
import { ownVersion } from '../editor/own-version.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { McpProvider } from './mcp-provider.ts';
import { MemoryTool } from './memory-tool.ts';

class Agents implements Part {
  readonly #disposables = new Disposables();
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    const { session, log, extensionUri, engine } = host;
    this.#offer('tools for language models', () =>
      vscode.lm.registerTool('loci_memory', new MemoryTool(session, log)),
    );
    this.#offer('servers of the Model Context Protocol', () => {
      const { parameters } = engine;
      const options = { extensionUri, parameters, version: ownVersion() };
      const provider = this.#disposables.add(new McpProvider(options));
      return vscode.lm.registerMcpServerDefinitionProvider('loci.mcp', provider);
    });
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** An editor of another maker may lack what ours has: the rest of Loci works without. */
  #offer(what: string, register: () => vscode.Disposable): void {
    try {
      this.#disposables.add(register());
    } catch (error) {
      this.#host.log.info(`This editor takes no ${what}: ${String(error)}`);
    }
  }
}

/** The memory for other agents. */
export const agents = defineFeature({ activate: (host) => new Agents(host) });
