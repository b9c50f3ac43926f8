/** The session's engine, with what the settings say of it. */

import * as vscode from 'vscode';
import type { EngineListener } from './engine-client/client.ts';
import { EngineProcess } from './engine-client/engine-process.ts';
import { EngineSession } from './engine-client/session.ts';
import { FilesAtWork } from './features/editor/files-at-work.ts';
import type { EngineParts } from './features/host/feature.ts';
import { ReadingSpeeds } from './features/reading/reading-speeds.ts';
import { keepIn, keptFolder, openParameters } from './settings/settings.ts';

/** Makes a session that has not started its engine yet. */
export function engineOf(
  { extensionUri, globalState, globalStorageUri, subscriptions }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): EngineParts {
  const folder = keptFolder(globalStorageUri);
  const speeds = new ReadingSpeeds(globalState);
  const atWork = new FilesAtWork();
  subscriptions.push(atWork);
  const parameters: EngineParts['parameters'] = () => ({
    ...openParameters(),
    ...keepIn(folder),
    openFiles: atWork.paths,
  });
  const startEngine = (listener: EngineListener): EngineProcess =>
    new EngineProcess({
      modulePath: vscode.Uri.joinPath(extensionUri, 'dist', 'engine.mjs').fsPath,
      listener,
      onOutput: log.debug.bind(log),
    });
  const session = new EngineSession({
    startEngine,
    parameters,
    speed: (given) => speeds.get(given),
    onLog: (level, message) => {
      log[level](message);
    },
  });
  return { session, startEngine, parameters, keptFolder: folder };
}
