/** What the editor side offers to features, and what each feature declares. */

import type * as vscode from 'vscode';
import type { EngineListener } from '../../engine-client/client.ts';
import type { EngineProcess } from '../../engine-client/engine-process.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import type { Action, FromView, SessionView } from '../../protocol/webview.ts';
import type { ViewHost, ViewHostOptions } from '../webviews/view-host.ts';

/** What a feature declares of a view. */
export type ViewParts<ToView> = Pick<ViewHostOptions<ToView>, 'name' | 'snapshot'>;

/** The engine and what it is started with. */
export interface EngineParts {
  readonly session: EngineSession;
  /** Starts an engine in addition to the session's. */
  readonly startEngine: (listener: EngineListener) => EngineProcess;
  /** Returns what to read and how, from the current settings. @throws if one is invalid */
  readonly parameters: () => OpenParameters;
  /** The folder of kept memories; null: none. */
  readonly keptFolder: string | null;
}

/** Files that have changed since they were read. */
export interface ChangeList {
  readonly count: number;
  /** Those of them that were read, as the engine names them. */
  readonly paths: readonly string[];
}

/** What the user has said of files, as the engine names them; folders end with a slash. */
export interface ShownChoices {
  readonly excluded: string[];
  readonly pinned: string[];
}

/** What a feature can use. */
export interface Host {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineParts;
  readonly session: EngineSession;
  /** Values that outlive a session. */
  readonly memento: vscode.Memento;
  /** The same for this workspace. */
  readonly workspaceMemento: vscode.Memento;
  /** Where the editor keeps secrets. */
  readonly secrets: vscode.SecretStorage;
  /** The folder that the editor has for this workspace; null: none. It may not exist yet. */
  readonly workspaceStorage: string | null;
  /** Returns what views currently show of the session. */
  sessionView(): SessionView;
  /** What has changed; set by the feature that follows files. */
  changes: ChangeList;
  /** What the user has said of files; set by the feature for that. */
  choices: () => ShownChoices;
  /** Tells every feature the state again: what is shown of it is another. */
  refresh(): void;
  /** Proposes to read if nothing was begun or declined. */
  propose(): void;
  /**
   * Fills the view `loci.<name>` with the page of `webview/<name>/main.ts`. The page's messages
   * reach every feature.
   */
  registerView<ToView>(view: ViewParts<ToView>): ViewHost<ToView>;
  /** Sets `loci.<key>` for `when` clauses, including those of menu items. */
  setContextKey(key: string, value: unknown): void;
  /** Returns the menu's current items, in order. */
  menu(): readonly MenuItem[];
  /** Cancels the work of the first feature that has some. */
  cancel(): void;
}

/** A line of the status bar's menu. */
export interface MenuItem {
  /** Lower numbers come first. */
  readonly order: number;
  readonly label: string;
  readonly command: string;
  /** Whether it is shown; by default always. @param isSet whether a context key is set */
  readonly when?: (state: SessionState, isSet: (key: string) => boolean) => boolean;
}

/** A feature that has been started. */
export interface Part {
  /** Called with every state of the session, and when its display changes. */
  update?(state: SessionState): void;
  /** Called before the engine ends. */
  stop?(): void;
  /** Disposes everything; called when the engine has ended. */
  dispose(): void;
}

/** What a feature declares. Nothing of it runs before `activate`. */
export interface Declaration<P extends Part> {
  /** Starts the feature; called once. */
  readonly activate: (host: Host) => P;
  /** By their names in package.json; `all` is what is selected beside the argument in the explorer. */
  readonly commands?: Readonly<
    Record<string, (part: P, argument: unknown, all: unknown) => unknown>
  >;
  readonly menu?: readonly MenuItem[];
  /** Handlers of the views' messages, which were checked on arrival. */
  readonly messages?: {
    readonly [Type in Exclude<FromView['type'], 'action'>]?: (
      part: P,
      message: Extract<FromView, { type: Type }>,
    ) => unknown;
  };
  /** Handlers of the views' buttons. */
  readonly actions?: Readonly<Partial<Record<Action, (part: P) => unknown>>>;
  /** Cancels current work and returns whether there was any. */
  readonly cancel?: (part: P) => boolean;
}

/** A feature with a part of any type. */
export interface Feature {
  readonly commands: readonly string[];
  readonly menu: readonly MenuItem[];
  readonly messages: readonly string[];
  readonly actions: readonly string[];
  readonly activate: (host: Host) => ActiveFeature;
}

/** The interface of a started feature. */
export interface ActiveFeature {
  readonly part: Part;
  readonly run: (command: string, argument: unknown, all: unknown) => unknown;
  readonly receive: (message: FromView) => void;
  readonly cancel: () => boolean;
}

/** Makes a feature from its declaration. */
export function defineFeature<P extends Part>(declaration: Declaration<P>): Feature {
  const { activate, commands = {}, menu = [], messages = {}, actions = {} } = declaration;
  return {
    commands: Object.keys(commands),
    menu,
    messages: Object.keys(messages),
    actions: Object.keys(actions),
    activate: (host) => {
      const part = activate(host);
      return {
        part,
        run: (command, argument, all) => commands[command]?.(part, argument, all),
        receive: (message) => {
          if (message.type === 'action') void actions[message.action]?.(part);
          else {
            // By its declaration, the handler of a type accepts messages of that type.
            const handler = messages[message.type] as
              ((part: P, message: FromView) => unknown) | undefined;
            void handler?.(part, message);
          }
        },
        cancel: () => declaration.cancel?.(part) ?? false,
      };
    },
  };
}

/** Returns the items of a menu that are shown in a state, in order. */
export function menuOf(
  features: readonly Feature[],
  state: SessionState,
  isSet: (key: string) => boolean,
): MenuItem[] {
  return features
    .flatMap(({ menu }) => menu)
    .filter(({ when }) => when === undefined || when(state, isSet))
    .sort((left, right) => left.order - right.order);
}
