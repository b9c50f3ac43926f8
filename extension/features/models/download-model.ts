/** Loci: Download a Model. Lets the user choose one, downloads it, and offers to use it. */

import * as vscode from 'vscode';
import type { EngineClient } from '../../engine-client/client.ts';
import { failureDetail } from '../../engine-client/failure.ts';
import { curatedAddress, curatedModels } from '../../models/curated.ts';
import { hubAddress, modelAddress } from '../../models/download/address.ts';
import type { ModelAddress } from '../../models/download/address.ts';
import { DownloadError } from '../../models/download/download-error.ts';
import { downloadModel } from '../../models/download/download.ts';
import { deleteModel, downloadedModels, modelFolder } from '../../models/download/model-folder.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import { proposedModelsRequest } from '../../protocol/requests/proposed-models.ts';
import type { ModelFit } from '../../protocol/requests/proposed-models.ts';
import { describeDownload } from '../../report/download-text.ts';
import { inspectionSettings, modelHub } from '../../settings/settings.ts';
import { downloadItems } from './download-items.ts';
import type { DownloadItem } from './download-items.ts';
import { editorProxies } from './editor-proxies.ts';
import { sentenceOf } from './model-failure.ts';
import type { ModelTokens } from './model-token.ts';

export interface DownloadModelOptions {
  /** Works with the engine without reading anything. */
  readonly consult: <T>(work: (client: EngineClient) => Promise<T>) => Promise<T>;
  readonly log: vscode.LogOutputChannel;
  readonly tokens: ModelTokens;
  /** Lets the user confirm a model that was downloaded, and uses it. */
  readonly use: (path: string) => Promise<void>;
}

const title = 'Download a Model';
const useText = 'Use This Model';
const tokenText = 'Enter a Token…';
const deleteText = 'Delete What Arrived';

/** The command; what goes wrong is shown, never thrown. */
export class DownloadModelCommand {
  readonly #options: DownloadModelOptions;
  readonly #ending = new AbortController();

  /** @param options what it works with */
  constructor(options: DownloadModelOptions) {
    this.#options = options;
  }

  /** Lets the user choose and download a model. @param given an address in place of the list */
  async run(given: string | null): Promise<void> {
    try {
      const folder = modelFolder();
      if (folder === null) {
        throw new DownloadError('refused', 'This user has no home folder to keep models in.');
      }
      const hub = this.#hub();
      const chosen = given === null ? await this.#pick(folder, hub) : modelAddress(given, hub);
      if (chosen === null) return;
      const path = typeof chosen === 'string' ? chosen : await this.#download(chosen, folder, hub);
      if (path !== null) await this.#offer(path);
    } catch (error) {
      this.#show(error);
    }
  }

  /** Lets the user write the token for the hub. */
  async askToken(): Promise<void> {
    try {
      await this.#options.tokens.ask(new URL(this.#hub()));
    } catch (error) {
      this.#show(error);
    }
  }

  /** Stops every download; what has arrived is kept. */
  dispose(): void {
    this.#ending.abort();
  }

  #hub(): string {
    const stated = modelHub();
    const hub = hubAddress(stated);
    if (hub !== null) return hub;
    throw new DownloadError(
      'invalid-address',
      `loci.modelHub is “${plainLine(stated, 80)}”. Set it to an address such as https://huggingface.co.`,
    );
  }

  /** An address to download, the path of a model that is there, or null. */
  async #pick(folder: string, hub: string): Promise<ModelAddress | string | null> {
    const progress = { location: vscode.ProgressLocation.Window, title: 'Looking what fits…' };
    const fits = await vscode.window.withProgress(progress, () => this.#fits());
    const items: (vscode.QuickPickItem & Partial<Pick<DownloadItem, 'choice'>>)[] = [
      ...downloadItems(curatedModels, fits, await downloadedModels(folder)),
      { label: 'Other', kind: vscode.QuickPickItemKind.Separator },
      { label: '$(link) Enter an Address…', description: 'Of a GGUF file on the network' },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: `A model that writes code, from ${new URL(hub).host}`,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked === undefined) return null;
    switch (picked.choice?.kind) {
      case 'there':
        return picked.choice.path;
      case 'curated':
        return curatedAddress(picked.choice.model, hub);
      case 'begun':
        return modelAddress(picked.choice.address, hub);
      case undefined:
        return enterAddress(hub);
    }
  }

  /** Where the models of the list fit; none where the engine cannot say. */
  async #fits(): Promise<readonly ModelFit[]> {
    try {
      return await this.#options.consult((client) =>
        client.request(proposedModelsRequest, inspectionSettings()),
      );
    } catch (error) {
      this.#options.log.warn(failureDetail(error));
      return [];
    }
  }

  /** Downloads, and asks for a token where one is needed; null: stopped. */
  async #download(wanted: ModelAddress, folder: string, hub: string): Promise<string | null> {
    for (;;) {
      try {
        return await this.#receive(wanted, folder, hub);
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        if (error.code === 'stopped') return this.#stopped(wanted, folder);
        if (error.code !== 'needs-token') throw error;
        const answer = await vscode.window.showWarningMessage(error.sentence, tokenText);
        if (answer !== tokenText || !(await this.#options.tokens.ask(wanted.url))) return null;
      }
    }
  }

  async #receive(wanted: ModelAddress, folder: string, hub: string): Promise<string> {
    const token = await this.#options.tokens.get(wanted.url);
    const progress = {
      location: vscode.ProgressLocation.Notification,
      title: `Downloading ${wanted.fileName}`,
      cancellable: true,
    };
    return vscode.window.withProgress(progress, (bar, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => {
        stop.abort();
      });
      let shown = 0;
      return downloadModel(wanted, {
        folder,
        network: { hub, token, proxies: editorProxies() },
        signal: AbortSignal.any([stop.signal, this.#ending.signal]),
        onProgress: (state) => {
          const share = state.totalBytes === null ? 0 : (100 * state.bytes) / state.totalBytes;
          bar.report({ message: describeDownload(state), increment: Math.max(0, share - shown) });
          shown = Math.max(shown, share);
        },
      });
    });
  }

  /** Says that what has arrived is kept, and deletes it if the user wants that. */
  async #stopped({ fileName }: ModelAddress, folder: string): Promise<null> {
    if (this.#ending.signal.aborted) return null;
    const answer = await vscode.window.showInformationMessage(
      `The download of ${fileName} is paused. Choose the model again to go on from there.`,
      deleteText,
    );
    if (answer === deleteText)
      await deleteModel(vscode.Uri.joinPath(vscode.Uri.file(folder), fileName).fsPath);
    return null;
  }

  async #offer(path: string): Promise<void> {
    const name = plainLine(path.split(/[\\/]/u).at(-1) ?? path, 120);
    const answer = await vscode.window.showInformationMessage(`${name} is downloaded.`, useText);
    if (answer === useText) await this.#options.use(path);
  }

  #show(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#options.log.error(failureDetail(error));
    void vscode.window.showErrorMessage(sentenceOf(error));
  }
}

async function enterAddress(hub: string): Promise<ModelAddress | null> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'https://…/NAME.gguf, or OWNER/REPOSITORY/NAME.gguf on the hub',
    ignoreFocusOut: true,
    validateInput: (value) => {
      try {
        if (value.trim() !== '') modelAddress(value, hub);
        return null;
      } catch (error) {
        return sentenceOf(error);
      }
    },
  });
  return text === undefined || text.trim() === '' ? null : modelAddress(text, hub);
}
