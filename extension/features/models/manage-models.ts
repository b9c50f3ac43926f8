/** Loci: Manage Models. Lists what was downloaded; uses, shows or deletes it. */

import * as vscode from 'vscode';
import { failureDetail } from '../../engine-client/failure.ts';
import { deleteModel, downloadedModels, modelFolder } from '../../models/download/model-folder.ts';
import type { DownloadedModel } from '../../models/download/model-folder.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import { byteSize } from '../../report/format.ts';
import { modelPath } from '../../settings/settings.ts';
import { sentenceOf } from './model-failure.ts';
import { withoutIcons } from '../editor/without-icons.ts';

export interface ManageModelsOptions {
  readonly log: vscode.LogOutputChannel;
  /** Lets the user confirm a model, and uses it. */
  readonly use: (path: string) => Promise<void>;
  /** Lets the user download another one, or the rest of one from an address. */
  readonly download: (address: string | null) => Promise<void>;
}

const title = 'Manage Models';

/** The command; what goes wrong is shown, never thrown. */
export async function manageModels(options: ManageModelsOptions): Promise<void> {
  try {
    const folder = modelFolder();
    const models = folder === null ? [] : await downloadedModels(folder);
    const items: (vscode.QuickPickItem & { readonly model?: DownloadedModel })[] = [
      ...models.map((model) => ({
        label: withoutIcons(plainLine(model.fileName, 120)),
        description: `${byteSize(model.bytes)}${stateOf(model)}`,
        model,
      })),
      { label: '$(cloud-download) Download a Model…' },
    ];
    const all = models.reduce((sum, { bytes }) => sum + bytes, 0);
    const picked = await vscode.window.showQuickPick(items, {
      title,
      placeHolder:
        folder === null || models.length === 0
          ? 'Nothing is downloaded'
          : `${byteSize(all)} in ${plainLine(folder)}`,
    });
    if (picked === undefined) return;
    await (picked.model === undefined ? options.download(null) : act(picked.model, options));
  } catch (error) {
    options.log.error(failureDetail(error));
    void vscode.window.showErrorMessage(sentenceOf(error));
  }
}

function stateOf(model: DownloadedModel): string {
  return model.complete ? (isUsed(model) ? ', in use' : '') : ', not complete';
}

async function act(model: DownloadedModel, options: ManageModelsOptions): Promise<void> {
  const { path, address, complete } = model;
  const actions: (vscode.QuickPickItem & { readonly run: () => unknown })[] = [
    ...(complete ? [{ label: '$(check) Use This Model', run: () => options.use(path) }] : []),
    ...(complete || address === null
      ? []
      : [{ label: '$(cloud-download) Go On Downloading', run: () => options.download(address) }]),
    { label: '$(folder-opened) Show Folder', run: () => showFolder(model) },
    { label: '$(trash) Delete…', run: () => confirmDelete(model) },
  ];
  const picked = await vscode.window.showQuickPick(actions, {
    title: `${title}: ${plainLine(model.fileName, 120)}`,
  });
  await picked?.run();
}

async function showFolder({ path, complete }: DownloadedModel): Promise<void> {
  const uri = vscode.Uri.file(complete ? path : `${path}.part`);
  const known = await vscode.commands.getCommands(true);
  // A remote window has no file manager on that machine.
  if (vscode.env.remoteName === undefined && known.includes('revealFileInOS')) {
    await vscode.commands.executeCommand('revealFileInOS', uri);
  } else {
    void vscode.window.showInformationMessage(plainLine(uri.fsPath));
  }
}

async function confirmDelete(model: DownloadedModel): Promise<void> {
  const name = plainLine(model.fileName, 120);
  if (isUsed(model)) {
    void vscode.window.showWarningMessage(
      `Loci uses ${name}. Choose another model before you delete it.`,
    );
    return;
  }
  const answer = await vscode.window.showWarningMessage(
    `Delete ${name}?`,
    { modal: true, detail: `${byteSize(model.bytes)} become free. It can be downloaded again.` },
    'Delete',
  );
  if (answer !== 'Delete') return;
  await deleteModel(model.path);
  void vscode.window.showInformationMessage(`${name} is deleted.`);
}

function isUsed({ path }: DownloadedModel): boolean {
  try {
    return modelPath() === path;
  } catch {
    // An invalid setting names no model.
    return false;
  }
}
