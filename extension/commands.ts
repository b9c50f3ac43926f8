/** The commands of the palette, the views' title bars and the status bar. */

import * as vscode from 'vscode';
import { wasStopped } from './engine-client/session-state.ts';
import type { SessionState } from './engine-client/session-state.ts';

export const menuCommand = 'loci.menu';

/** What the commands do; the context does it. */
export interface CommandTargets {
  readonly state: () => SessionState;
  readonly refining: () => boolean;
  readonly read: () => void;
  readonly continueReading: () => void;
  readonly cancel: () => void;
  readonly ask: (question: string | null) => void;
  readonly newChat: () => void;
  readonly showMemory: () => void;
  readonly refine: () => void;
  readonly measureQuality: () => void;
  /** A path in place of the list. */
  readonly chooseModel: (path: string | null) => void;
  readonly deleteKept: () => void;
  readonly askAboutSelection: () => void;
  readonly restart: () => void;
  readonly showLog: () => void;
}

/** Registers every command. */
export function registerCommands(targets: CommandTargets): vscode.Disposable[] {
  const commands: Record<string, (argument: unknown) => unknown> = {
    'loci.read': targets.read,
    'loci.continueReading': targets.continueReading,
    'loci.cancel': targets.cancel,
    'loci.ask': (argument) => {
      targets.ask(typeof argument === 'string' ? argument : null);
    },
    'loci.newChat': targets.newChat,
    'loci.showMemory': targets.showMemory,
    'loci.refine': targets.refine,
    'loci.measureQuality': targets.measureQuality,
    'loci.chooseModel': (argument) => {
      targets.chooseModel(typeof argument === 'string' ? argument : null);
    },
    'loci.deleteKept': targets.deleteKept,
    'loci.askAboutSelection': targets.askAboutSelection,
    'loci.restartEngine': targets.restart,
    'loci.showLog': targets.showLog,
    'loci.openSettings': openSettings,
    [menuCommand]: () => showMenu(targets.state(), targets.refining()),
  };
  return Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run));
}

const settingsQuery = '@ext:loci.loci';

/**
 * Opens the settings of this extension. Under a remote those of the remote machine: the model's path
 * is a setting of the machine that Loci runs on, which the page of the user's settings leaves out.
 */
export async function openSettings(): Promise<void> {
  if (vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingsQuery);
  } else {
    const query = { query: settingsQuery };
    await vscode.commands.executeCommand('workbench.action.openRemoteSettings', query);
  }
}

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

async function showMenu(state: SessionState, refining: boolean): Promise<void> {
  const reading = state.kind === 'reading' || state.kind === 'restarting';
  const items: MenuItem[] = [
    reading
      ? { label: '$(debug-stop) Cancel reading', command: 'loci.cancel' }
      : {
          label: state.kind === 'ready' ? '$(refresh) Read again' : '$(book) Read this repository',
          command: 'loci.read',
        },
    ...(wasStopped(state)
      ? [{ label: '$(debug-continue) Continue reading', command: 'loci.continueReading' }]
      : []),
    { label: '$(comment-discussion) Ask', command: 'loci.ask' },
    { label: '$(list-unordered) Show memory', command: 'loci.showMemory' },
    refining
      ? { label: '$(debug-stop) Cancel refining', command: 'loci.cancel' }
      : { label: '$(sparkle) Refine memory', command: 'loci.refine' },
    { label: '$(graph-line) Measure quality', command: 'loci.measureQuality' },
    { label: '$(package) Choose a model…', command: 'loci.chooseModel' },
    { label: '$(settings-gear) Open settings', command: 'loci.openSettings' },
    { label: '$(output) Show log', command: 'loci.showLog' },
    { label: '$(debug-restart) Restart engine', command: 'loci.restartEngine' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Loci' });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command);
}

/** A key for the `when` clauses of commands and menus. */
function setContextKey(key: string, value: unknown): void {
  void vscode.commands.executeCommand('setContext', `loci.${key}`, value);
}

/** What sets such a key. */
export function contextKey(key: string): (value: boolean) => void {
  return (value) => {
    setContextKey(key, value);
  };
}

/** The keys that say what the session is in. */
export function setStateKeys(state: SessionState): void {
  setContextKey('state', state.kind);
  setContextKey('stoppedEarly', wasStopped(state));
}
