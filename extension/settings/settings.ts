/** The user's settings, read where they are needed, so that they are never stale. */

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { z } from 'zod';
import { resolveModelPath } from './model-path.ts';
import type { PathPlace } from './model-path.ts';
import { languageNames, statedEncodings } from './stated-encodings.ts';
import { EngineRequestError } from '../engine-client/client.ts';
import { parseBudget } from '../protocol/budget.ts';
import type { StatedEncoding } from '../protocol/encodings.ts';
import type { Gpu } from '../protocol/gpu.ts';
import { recallModeSchema } from '../protocol/requests/ask.ts';
import type { RecallMode } from '../protocol/requests/ask.ts';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { defaultWorkingTokens, workingTokensSchema } from '../protocol/working-set.ts';
import { defaultPolicy, kvTypes, notAChoice, policyNames } from '../protocol/policies.ts';
import type { KvType, PolicyName } from '../protocol/policies.ts';
import { threadsSchema } from '../protocol/notifications/threads.ts';

export const settingsSection = 'loci';

/** The part of an extension's manifest that says what the files of a language are called. */
const contributionsSchema = z.object({ contributes: z.object({ languages: z.unknown() }) });

const gpus: readonly Gpu[] = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'];

/** A change of one of these makes what was read useless: it is read again. */
const rereadKeys = [
  ...['modelPath', 'budget', 'policy', 'kvType', 'device', 'workingTokens'].map(
    (key) => `${settingsSection}.${key}`,
  ),
  'files.encoding',
];

/** Whether a change of the settings calls for reading again. */
export function needsReread(event: vscode.ConfigurationChangeEvent): boolean {
  return rereadKeys.some((key) => event.affectsConfiguration(key));
}

/**
 * What to read and how.
 * @throws EngineRequestError where there is no folder or a setting makes no sense
 */
export function openParameters(): OpenParameters {
  const roots = workspaceRoots();
  if (roots.length === 0) throw new EngineRequestError('no-folder', 'Open a folder to read first.');
  const budget = parseBudget(value('budget', z.string(), '10%'));
  if (!budget.ok) {
    throw new EngineRequestError('invalid-setting', budget.message);
  }
  return {
    modelPath: modelPath(),
    gpu: choice<Gpu>('device', 'a device', gpus, 'auto'),
    roots,
    budget: budget.budget,
    policy: choice<PolicyName>('policy', 'a policy', policyNames, defaultPolicy),
    policyParameters: {},
    kvType: choice<KvType>('kvType', 'a type of keys and values', kvTypes, 'f16'),
    threads: threads(),
    workingTokens: value('workingTokens', workingTokensSchema, defaultWorkingTokens),
    encodings: encodings(),
  };
}

/** What the editor's own `files.encoding` says of each folder and language. */
function encodings(): StatedEncoding[] {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => {
      const files = vscode.workspace.getConfiguration('files', uri);
      const ids = files.inspect('encoding')?.languageIds ?? [];
      const languages = ids.map((languageId): [string, unknown] => [
        languageId,
        vscode.workspace.getConfiguration('files', { uri, languageId }).get<unknown>('encoding'),
      ]);
      return {
        root: uri.fsPath,
        encoding: files.get<unknown>('encoding'),
        languages: new Map(languages),
      };
    });
  // Manifests are many, and this is asked for often.
  if (folders.every(({ languages }) => languages.size === 0)) {
    return statedEncodings(folders, new Map());
  }
  const contributions = vscode.extensions.all.map(
    ({ packageJSON }) =>
      contributionsSchema.safeParse(packageJSON as unknown).data?.contributes.languages,
  );
  const associations = vscode.workspace.getConfiguration('files').get<unknown>('associations');
  return statedEncodings(folders, languageNames(contributions, associations));
}

/** Threads to compute with; 0: as many as the machine has free. */
export function threads(): number {
  return value('threads', threadsSchema, 0);
}

/** Whether another number of threads is wanted: that needs no reading. */
export function changesThreads(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${settingsSection}.threads`);
}

/** The folders of the workspace that are on disk. */
export function workspaceRoots(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
}

/** How the question finds what to read again. */
export function recallMode(): RecallMode {
  return value<RecallMode>('recall', recallModeSchema, 'both');
}

/** Whether inline completions are wanted in a document. */
export function completionEnabled(document: vscode.TextDocument): boolean {
  return value('completion.enabled', z.boolean(), true, document);
}

/** Whether the repository is read as soon as the editor has started. */
export function readOnStartup(): boolean {
  return value('readOnStartup', z.boolean(), false);
}

/** Whether the memory is refined when the engine has been idle for a while. */
export function refineWhenIdle(): boolean {
  return value('refineWhenIdle', z.boolean(), false);
}

/** null: the bundled model. */
function modelPath(): string | null {
  const resolved = resolveModelPath(value('modelPath', z.string(), ''), modelPathPlace());
  if (!resolved.ok) throw new EngineRequestError('invalid-setting', resolved.message);
  return resolved.path;
}

/** What a model's path is resolved with, here and now. */
export function modelPathPlace(): PathPlace {
  const { platform, env: environment } = process;
  return { home: homedir(), folder: workspaceRoots()[0] ?? null, platform, environment };
}

/** What a model is looked at with before it is chosen. */
export function inspectionSettings(): { readonly gpu: Gpu; readonly kvType: KvType } {
  return {
    gpu: choice<Gpu>('device', 'a device', gpus, 'auto'),
    kvType: choice<KvType>('kvType', 'a type of keys and values', kvTypes, 'f16'),
  };
}

/**
 * Writes the model's path to the settings of the machine that Loci runs on: the editor takes a
 * setting of machine scope from there alone, the user's own settings under no remote.
 * @param path null: the bundled model.
 * @returns what the setting is now.
 */
export async function writeModelPath(path: string | null): Promise<string | null> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  await configuration.update('modelPath', path ?? undefined, vscode.ConfigurationTarget.Global);
  return modelPath();
}

/** A setting that is one of a few words. */
function choice<T extends string>(
  key: string,
  kind: string,
  choices: readonly T[],
  fallback: T,
): T {
  const raw = vscode.workspace.getConfiguration(settingsSection).get<unknown>(key) ?? fallback;
  const chosen = choices.find((word) => word === raw);
  if (chosen !== undefined) return chosen;
  throw new EngineRequestError('invalid-setting', notAChoice(raw, kind, choices));
}

/** A setting of the right type; anything else, as an edited settings.json may hold, is refused. */
function value<T>(
  key: string,
  schema: z.ZodType<T>,
  fallback: T,
  scope: vscode.ConfigurationScope | null = null,
): T {
  const raw = vscode.workspace.getConfiguration(settingsSection, scope).get<unknown>(key);
  if (raw === undefined) return fallback;
  const checked = schema.safeParse(raw);
  if (checked.success) return checked.data;
  throw new EngineRequestError(
    'invalid-setting',
    `The setting ${settingsSection}.${key} cannot be ${JSON.stringify(raw)}.`,
  );
}
