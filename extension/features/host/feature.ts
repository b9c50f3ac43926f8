/** What the editor side offers to its features, and what each of them declares. */

import type * as vscode from 'vscode';
import type { EngineListener } from '../../engine-client/client.ts';
import type { EngineProcess } from '../../engine-client/engine-process.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import type { Action, FromView, SessionView } from '../../protocol/webview.ts';
import type { ViewHost, ViewHostOptions } from '../webviews/view-host.ts';

/** What a feature says of a view. */
export type ViewParts<ToView> = Pick<ViewHostOptions<ToView>, 'name' | 'snapshot'>;

/** What a feature works with. */
export interface Host {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly session: EngineSession;
  /** Values that outlive a session. */
  readonly memento: vscode.Memento;
  /** The same for this workspace. */
  readonly workspaceMemento: vscode.Memento;
  /** Where memories are kept; null: nowhere. */
  readonly keptFolder: string | null;
  /** What to read and how, by the settings of now. @throws where one makes no sense */
  readonly parameters: () => OpenParameters;
  /** Starts an engine beside that of the session. */
  readonly startEngine: (listener: EngineListener) => EngineProcess;
  /** What views show of the session now. */
  sessionView(): SessionView;
  /** From now on this says how many files have changed since they were read. */
  countChanges(count: () => number): void;
  /** From now on this says which files have changed since they were read, as the engine names them. */
  listChanges(changed: () => readonly string[]): void;
  /** Those of them that were read. */
  changedFiles(): readonly string[];
  /** Tells every feature the state again: what is shown of it is another. */
  refresh(): void;
  /** Proposes to read where nothing was begun or declined. */
  propose(): void;
  /**
   * Fills the view `loci.<name>` with the page of `webview/<name>/main.ts`. What the page sends
   * reaches every feature.
   */
  registerView<ToView>(view: ViewParts<ToView>): ViewHost<ToView>;
  /** Sets `loci.<key>` for `when` clauses, those of menu items included. */
  setContextKey(key: string, value: unknown): void;
  /** The menu's items of now, in their order. */
  menu(): readonly MenuItem[];
  /** Ends what runs: the first feature that has something. */
  cancel(): void;
}

/** A line of the status bar's menu. */
export interface MenuItem {
  /** Lower ones come first. */
  readonly order: number;
  readonly label: string;
  readonly command: string;
  /** Whether it is there; always unless given. @param isSet whether a context key is */
  readonly when?: (state: SessionState, isSet: (key: string) => boolean) => boolean;
}

/** A feature that has been started. */
export interface Part {
  /** Called with every state of the session, and when what is shown of it changed. */
  update?(state: SessionState): void;
  /** Called before the engine ends. */
  stop?(): void;
  /** Gives everything back; called when the engine has ended. */
  dispose(): void;
}

/** What a feature declares. Nothing of it runs before `activate`. */
export interface Declaration<P extends Part> {
  /** Starts the feature; called once. */
  readonly activate: (host: Host) => P;
  /** By the names that package.json has. */
  readonly commands?: Readonly<Record<string, (part: P, argument: unknown) => unknown>>;
  readonly menu?: readonly MenuItem[];
  /** What messages of the views do; they were checked on arrival. */
  readonly messages?: {
    readonly [Type in Exclude<FromView['type'], 'action'>]?: (
      part: P,
      message: Extract<FromView, { type: Type }>,
    ) => unknown;
  };
  /** What buttons of the views do. */
  readonly actions?: Readonly<Partial<Record<Action, (part: P) => unknown>>>;
  /** Ends what runs and returns whether there was something. */
  readonly cancel?: (part: P) => boolean;
}

/** A feature, whatever its part is. */
export interface Feature {
  readonly commands: readonly string[];
  readonly menu: readonly MenuItem[];
  readonly messages: readonly string[];
  readonly actions: readonly string[];
  readonly activate: (host: Host) => ActiveFeature;
}

/** What is asked of a feature that has been started. */
export interface ActiveFeature {
  readonly part: Part;
  readonly run: (command: string, argument: unknown) => unknown;
  readonly receive: (message: FromView) => void;
  readonly cancel: () => boolean;
}

/** A feature of what it declares. */
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
        run: (command, argument) => commands[command]?.(part, argument),
        receive: (message) => {
          if (message.type === 'action') void actions[message.action]?.(part);
          else {
            // The handler of a type takes messages of that type: the declaration says so.
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

/** The items of a menu that are there in a state, in their order. */
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
