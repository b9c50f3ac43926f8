/** Loci: Choose a Model. Finds models, checks one before it is used, and writes the setting. */

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { EngineClient } from '../../engine-client/client.ts';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import { plainLine, visibleName } from '../../protocol/plain-text.ts';
import { findModelsRequest } from '../../protocol/requests/find-models.ts';
import type { FoundModel } from '../../protocol/requests/find-models.ts';
import { inspectModelRequest } from '../../protocol/requests/inspect-model.ts';
import type { ModelInspection } from '../../protocol/requests/inspect-model.ts';
import { byteSize } from '../../report/format.ts';
import { resolveModelPath } from '../../settings/model-path.ts';
import {
  inspectionSettings,
  modelPathPlace,
  settingsSection,
  writeModelPath,
} from '../../settings/settings.ts';
import { withoutIcons } from '../editor/without-icons.ts';
import { modelDetail } from './model-text.ts';

export interface ChooseModelOptions {
  /** Works with the engine without reading anything. */
  readonly consult: <T>(work: (client: EngineClient) => Promise<T>) => Promise<T>;
  readonly log: vscode.LogOutputChannel;
  /** Called when the setting has been written. */
  readonly onChosen: () => void;
  /** Lets the user download a model in place of one that is there. */
  readonly download: () => Promise<void>;
}

const useText = 'Use This Model';
const anotherText = 'Choose Another';

/** The command; what goes wrong is shown, never thrown. */
export class ChooseModelCommand {
  readonly #options: ChooseModelOptions;

  /** @param options what it works with */
  constructor(options: ChooseModelOptions) {
    this.#options = options;
  }

  /**
   * Lets the user choose and confirm a model, and writes the setting.
   * @param given a path as a user writes it, in place of the list; it is checked all the same.
   */
  async run(given: string | null): Promise<void> {
    try {
      let text = given;
      for (;;) {
        const chosen =
          text === null ? await this.#pick() : resolveModelPath(text, modelPathPlace());
        text = null;
        if (chosen === null) return;
        if (!chosen.ok) {
          if (!(await refused(chosen.message))) return;
          continue;
        }
        const answer = await this.#confirm(chosen.path);
        if (answer === 'another') continue;
        if (answer === 'use') await this.#use(chosen.path);
        return;
      }
    } catch (error) {
      this.#options.log.error(failureDetail(error));
      void vscode.window.showErrorMessage(`The model was not changed. ${failureSentence(error)}`);
    }
  }

  /** A path from the list or the file dialog; null where the user wants none of these. */
  async #pick(): Promise<ReturnType<typeof resolveModelPath> | null> {
    const found = await this.#find();
    const picked = await vscode.window.showQuickPick(itemsOf(found), {
      title: 'Choose a Model',
      placeHolder: 'A GGUF file on this machine',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    switch (picked?.action) {
      case undefined:
        return null;
      case 'bundled':
        return { ok: true, path: null };
      case 'file':
        return { ok: true, path: picked.path ?? null };
      case 'path':
        return enterPath();
      case 'browse':
        return browse(found);
      case 'download':
        await this.#options.download();
        return null;
    }
  }

  async #find(): Promise<readonly FoundModel[]> {
    const progress = { location: vscode.ProgressLocation.Window, title: 'Looking for models…' };
    return vscode.window.withProgress(progress, () =>
      this.#options.consult((client) => client.request(findModelsRequest, {})),
    );
  }

  async #confirm(path: string | null): Promise<'use' | 'another' | 'none'> {
    const inspection = await this.#inspect(path);
    if (!inspection.ok) return (await refused(inspection.message)) ? 'another' : 'none';
    const { model } = inspection;
    // One that does not fit would only be refused later.
    const buttons = model.fits === null ? [anotherText] : [useText, anotherText];
    const answer = await vscode.window.showInformationMessage(
      model.bundled ? 'Use the bundled model?' : `Use ${model.name}?`,
      { modal: true, detail: modelDetail(model) },
      ...buttons,
    );
    return answer === useText ? 'use' : answer === anotherText ? 'another' : 'none';
  }

  #inspect(path: string | null): Promise<ModelInspection> {
    const progress = { location: vscode.ProgressLocation.Window, title: 'Checking the model…' };
    return Promise.resolve(
      vscode.window.withProgress(progress, () =>
        this.#options.consult((client) =>
          client.request(inspectModelRequest, { path, ...inspectionSettings() }),
        ),
      ),
    );
  }

  async #use(path: string | null): Promise<void> {
    const effective = await writeModelPath(path);
    if (effective !== path) {
      void vscode.window.showErrorMessage(
        `Loci: ${settingsSection}.modelPath is ${plainLine(effective ?? 'empty')} after writing ${plainLine(path ?? 'nothing')} to it. Another setting overrides it.`,
      );
      return;
    }
    this.#options.onChosen();
  }
}

interface ModelItem extends vscode.QuickPickItem {
  readonly action?: 'file' | 'browse' | 'path' | 'download' | 'bundled';
  readonly path?: string;
}

/** The files that were found, by the program that keeps them, then the other ways. */
function itemsOf(found: readonly FoundModel[]): ModelItem[] {
  const items: ModelItem[] = [];
  let source = '';
  for (const model of found) {
    if (model.source !== source) {
      items.push({ label: model.source, kind: vscode.QuickPickItemKind.Separator });
      source = model.source;
    }
    items.push({
      label: withoutIcons(plainLine(model.name, 120)),
      description: byteSize(model.bytes),
      detail: withoutIcons(shortened(visibleName(model.path))),
      action: 'file',
      path: model.path,
    });
  }
  return [
    ...items,
    { label: 'Other', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(folder-opened) Browse…', description: 'Open a GGUF file', action: 'browse' },
    { label: '$(edit) Enter a Path…', action: 'path' },
    { label: '$(cloud-download) Download a Model…', action: 'download' },
    {
      label: '$(package) Use the Bundled Model',
      description: 'Values, definitions and imports only',
      action: 'bundled',
    },
  ];
}

async function enterPath(): Promise<ReturnType<typeof resolveModelPath> | null> {
  const text = await vscode.window.showInputBox({
    title: 'Choose a Model',
    prompt: 'The path of a GGUF file on the machine that Loci runs on',
    validateInput: (value) => {
      const checked = resolveModelPath(value, modelPathPlace());
      return checked.ok ? null : checked.message;
    },
  });
  return text === undefined || text.trim() === '' ? null : resolveModelPath(text, modelPathPlace());
}

async function browse(
  found: readonly FoundModel[],
): Promise<ReturnType<typeof resolveModelPath> | null> {
  const near = found[0]?.path;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Choose a Model',
      openLabel: 'Choose',
      filters: { 'GGUF models': ['gguf'], 'All files': ['*'] },
      ...(near === undefined
        ? {}
        : { defaultUri: vscode.Uri.joinPath(vscode.Uri.file(near), '..') }),
    })) ?? [];
  if (file === undefined) return null;
  return { ok: true, path: file.fsPath };
}

/** Shows why; whether the user wants to choose another. */
async function refused(message: string): Promise<boolean> {
  const answer = await vscode.window.showErrorMessage(
    'This model cannot be used.',
    { modal: true, detail: message },
    anotherText,
  );
  return answer === anotherText;
}

function shortened(path: string): string {
  const home = homedir();
  return home !== '' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
