/** The user's settings, read when needed, so that they are never stale. */

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { z } from 'zod';
import { EngineRequestError } from '../engine-client/client.ts';
import { parseBudget } from '../protocol/budget.ts';
import type { StatedEncoding } from '../protocol/encodings.ts';
import type { Gpu } from '../protocol/gpu.ts';
import type { KvType } from '../protocol/policies.ts';
import type { RecallMode } from '../protocol/requests/ask.ts';
import type { OpenParameters } from '../protocol/requests/open.ts';
import type { StatedPatterns } from '../protocol/stated-patterns.ts';
import { resolveModelPath } from './model-path.ts';
import type { PathPlace } from './model-path.ts';
import { settings } from './registry.ts';
import { sizeBytes } from './setting.ts';
import type { Setting, SettingChange } from './setting.ts';
import { languageNames, statedEncodings } from './stated-encodings.ts';

export const settingsSection = 'loci';

/** The part of an extension's manifest that lists the file names of languages. */
const contributionsSchema = z.object({ contributes: z.object({ languages: z.unknown() }) });

/** The editor's own settings that affect how the repository is read. */
const editorKeys = ['files.encoding'];

/** Returns whether a change of the settings requires this, e.g. a new reading. */
export function calls(
  event: vscode.ConfigurationChangeEvent,
  wanted: Exclude<SettingChange, 'none'>,
): boolean {
  const own = Object.values(settings)
    .filter(({ change }) => change === wanted)
    .map(({ key }) => `${settingsSection}.${key}`);
  const keys = wanted === 'reread' ? [...own, ...editorKeys] : own;
  return keys.some((key) => event.affectsConfiguration(key));
}

/**
 * Returns what to read and how.
 * @throws EngineRequestError if there is no folder or a setting is invalid
 */
export function openParameters(): OpenParameters {
  const roots = workspaceRoots();
  if (roots.length === 0) throw new EngineRequestError('no-folder', 'Open a folder to read first.');
  const budget = parseBudget(value(settings.budget));
  if (!budget.ok) {
    throw new EngineRequestError('invalid-setting', budget.message);
  }
  return {
    modelPath: modelPath(),
    gpu: value(settings.device),
    roots,
    budget: budget.budget,
    policy: value(settings.policy),
    policyParameters: {},
    kvType: value(settings.kvType),
    threads: threads(),
    workingTokens: value(settings.workingTokens),
    encodings: encodings(),
    ...userChoices(),
  };
}

/**
 * What the user says of single files: which are left out, and which are pinned.
 * @throws EngineRequestError if it is invalid
 */
export function userChoices(): Required<Pick<OpenParameters, 'exclude' | 'pin'>> {
  return { exclude: statedPatterns(settings.exclude), pin: statedPatterns(settings.pin) };
}

function statedPatterns(setting: Setting<string[]>): StatedPatterns {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => ({ root: uri.fsPath, patterns: value(setting, uri) }))
    .filter(({ patterns }) => patterns.length > 0);
}

/** Patterns of a folder of the workspace, as {@link writePatterns} writes them. */
export type PatternSetting = 'exclude' | 'pin';

/** @throws EngineRequestError if they are invalid */
export function patternsOf(key: PatternSetting, folder: vscode.Uri): readonly string[] {
  return value(settings[key], folder);
}

/** Writes patterns to the settings of the workspace; where it has several folders, of one of them. */
export async function writePatterns(
  key: PatternSetting,
  folder: vscode.Uri,
  patterns: readonly string[],
): Promise<void> {
  const several = (vscode.workspace.workspaceFolders ?? []).length > 1;
  const { ConfigurationTarget: target } = vscode;
  await vscode.workspace
    .getConfiguration(settingsSection, folder)
    .update(key, patterns, several ? target.WorkspaceFolder : target.Workspace);
}

/** Returns the editor's `files.encoding` for each folder and language. */
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
  // There are many manifests, and this is called often.
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

/** Returns the number of threads; 0: as many as the machine has free. */
export function threads(): number {
  return value(settings.threads);
}

/** Every setting as it stands, whether or not it makes sense. */
export function statedSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  return Object.fromEntries(
    Object.values(settings).map(({ key }) => [
      `${settingsSection}.${key}`,
      configuration.get<unknown>(key),
    ]),
  );
}

/** The folders of the workspace that are on disk. */
export function workspaceRoots(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
}

/** Returns how a question selects what to read again. */
export function recallMode(): RecallMode {
  return value(settings.recall);
}

/** Returns whether inline completions are enabled in a document. */
export function completionEnabled(document: vscode.TextDocument): boolean {
  return value(settings.completionEnabled, document);
}

/** Returns whether memories and chats are kept when the editor closes. */
export function keepMemory(): boolean {
  return value(settings.keepMemory);
}

/** Returns the folder for kept memories in the editor's storage; null if that is not on disk. */
export function keptFolder(storage: vscode.Uri): string | null {
  return storage.scheme === 'file' ? vscode.Uri.joinPath(storage, 'memories').fsPath : null;
}

/** Returns where to keep a memory, if enabled. @param folder null if there is none on disk */
export function keepIn(folder: string | null): Pick<OpenParameters, 'keep'> {
  if (folder === null || !keepMemory()) return {};
  const limitBytes = sizeBytes(value(settings.keptMemoryLimit));
  return { keep: { folder, restore: false, limitBytes } };
}

/** Returns whether the repository is read as soon as the editor has started. */
export function readOnStartup(): boolean {
  return value(settings.readOnStartup);
}

/** The whole key of the setting that says whether changed files are followed. */
export const followChangesKey = `${settingsSection}.${settings.followChanges.key}`;

/** Whether the memory follows files that change. */
export function followChanges(): boolean {
  return value(settings.followChanges);
}

/** Whether the memory is refined when the engine has been idle for a while. */
export function refineWhenIdle(): boolean {
  return value(settings.refineWhenIdle);
}

/** Returns the address of the hub that models are downloaded from, as the user states it. */
export function modelHub(): string {
  return value(settings.modelHub);
}

/**
 * Returns the path of the model; null: the bundled model.
 * @throws EngineRequestError if the setting is invalid
 */
export function modelPath(): string | null {
  const resolved = resolveModelPath(value(settings.modelPath), modelPathPlace());
  if (!resolved.ok) throw new EngineRequestError('invalid-setting', resolved.message);
  return resolved.path;
}

/** Returns the current context for resolving a model's path. */
export function modelPathPlace(): PathPlace {
  const { platform, env: environment } = process;
  return { home: homedir(), folder: workspaceRoots()[0] ?? null, platform, environment };
}

/** Returns the settings for inspecting a model before it is chosen. */
export function inspectionSettings(): { readonly gpu: Gpu; readonly kvType: KvType } {
  return {
    gpu: value(settings.device),
    kvType: value(settings.kvType),
  };
}

/**
 * Writes the model's path to the settings of the machine that Loci runs on: the editor reads a
 * setting of machine scope only from there, which without a remote are the user's settings.
 * @param path null: the bundled model.
 * @returns the new value of the setting.
 */
export async function writeModelPath(path: string | null): Promise<string | null> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  await configuration.update('modelPath', path ?? undefined, vscode.ConfigurationTarget.Global);
  return modelPath();
}

/** Returns the current value of a setting. @throws EngineRequestError if it is invalid */
function value<T>(
  { key, fallback, check }: Setting<T>,
  scope: vscode.ConfigurationScope | null = null,
): T {
  const raw = vscode.workspace.getConfiguration(settingsSection, scope).get<unknown>(key);
  if (raw === undefined) return fallback;
  const checked = check(raw);
  if (checked.ok) return checked.value;
  throw new EngineRequestError('invalid-setting', checked.message);
}
