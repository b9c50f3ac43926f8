/** Reading: asked for, proposed, continued, cancelled, and again under other settings. */

import * as vscode from 'vscode';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import { isCode } from '../../engine-client/is-code.ts';
import { wasStopped } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { Followed } from '../../protocol/requests/follow.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { counted, duration, fullCount } from '../../report/format.ts';
import { calls, followChanges, followChangesKey, userChoices } from '../../settings/settings.ts';
import { Disposables } from '../editor/disposables.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { ChangeWatcher } from './change-watcher.ts';
import { ConfirmedReading } from './confirmed-reading.ts';
import { deleteKept } from './delete-kept.ts';
import { editorDialogs } from './reading-dialogs.ts';
import { ReadingSpeeds } from './reading-speeds.ts';
import { Settled } from './settled.ts';

/** What is read, how fast, and what has changed since. */
class Reading implements Part {
  readonly host: Host;
  readonly confirmed: ConfirmedReading;
  readonly #disposables = new Disposables();
  readonly #speeds: ReadingSpeeds;
  readonly #changes: ChangeWatcher;
  readonly #changed = this.#disposables.add(
    new Settled(() => {
      this.#reread();
    }),
  );
  #lastResult: OpenResult | null = null;

  constructor(host: Host) {
    this.host = host;
    const { session, log, memento } = host;
    this.#speeds = new ReadingSpeeds(memento);
    this.#changes = this.#disposables.add(
      new ChangeWatcher({
        follow: async (parameters, signal) => {
          const result = await session.follow({ ...parameters, ...userChoices() }, signal);
          if (result !== null && result.opened !== null) log.info(describe(result.followed));
          return result;
        },
        follows: followChanges,
        onChange: () => {
          host.refresh();
        },
        onRefused: (error, chosen) => {
          log.warn(`Changed files are counted and not followed. ${failureDetail(error)}`);
          if (chosen) void this.#readAgain();
        },
      }),
    );
    host.changes = this.#changes;
    this.confirmed = new ConfirmedReading({
      session,
      parameters: host.engine.parameters,
      speed: (parameters) => this.#speeds.get(parameters),
      dialogs: editorDialogs,
      log,
    });
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (calls(event, 'reread') || calls(event, 'resize')) this.#changed.call();
        if (event.affectsConfiguration(followChangesKey)) host.refresh();
        if (calls(event, 'follow')) this.#choose();
      }),
    );
    this.#disposables.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        if (session.state.kind === 'idle') host.refresh();
        else this.#reread();
      }),
    );
  }

  /** Reads what has changed, or everything where only that would be true to the files. */
  async readChanges(): Promise<void> {
    const { following } = this.#changes;
    try {
      if (following.followable && (await editorDialogs.following(following))) {
        this.#changes.recount();
        return;
      }
    } catch (error) {
      if (isCode(error, 'cancelled')) return;
      this.host.log.warn(failureDetail(error));
    }
    await this.confirmed.read('requested');
  }

  update(state: SessionState): void {
    this.#changes.update(state);
    if (state.kind !== 'ready' || state.result === this.#lastResult) return;
    this.#speeds.keep(
      state.result,
      () => this.host.session.readWith ?? this.host.engine.parameters(),
    );
    this.#lastResult = state.result;
  }

  /** Stops counting or reading; false where nothing was begun. */
  cancel(): boolean {
    const { session } = this.host;
    const { kind } = session.state;
    const begun = kind === 'counting' || kind === 'reading' || kind === 'restarting';
    if (begun) session.cancelReading();
    return begun;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** The user chose which files are left out: that is followed, whatever else is not. */
  #choose(): void {
    try {
      this.host.session.leaveOut(userChoices().exclude ?? []);
      this.#changes.choose();
    } catch (error) {
      void vscode.window.showWarningMessage(failureSentence(error));
    }
  }

  /** Offers to read where what is held cannot be forgotten by itself. */
  async #readAgain(): Promise<void> {
    const again = 'Read Again';
    const text =
      'This model cannot forget single files. Read the repository again to leave them out.';
    const chosen = await vscode.window.showWarningMessage(text, again);
    if (chosen === again) await this.confirmed.read('requested');
  }

  /** Reads again where something was read, or could not be, under other settings. */
  #reread(): void {
    const { kind } = this.host.session.state;
    if (kind === 'ready' || kind === 'reading' || kind === 'failed') {
      // Where the user wants to keep the memory, the views say what it was read with.
      void this.confirmed.read('settings').finally(() => {
        this.host.refresh();
      });
    }
  }
}

function describe({ filesRead, tokensRead, tokensForgotten, seconds }: Followed): string {
  const read = `${counted(filesRead, 'file')}, ${counted(tokensRead, 'token')}`;
  return `Changes were followed in ${duration(seconds)}: ${read}; ${fullCount(tokensForgotten)} forgotten.`;
}

const isReading = ({ kind }: SessionState): boolean => kind === 'reading' || kind === 'restarting';

/** Reading the repository. */
export const reading = defineFeature({
  activate: (host) => new Reading(host),
  commands: {
    'loci.read': ({ confirmed }) => void confirmed.read('requested'),
    'loci.continueReading': ({ confirmed }) => void confirmed.continue(),
    'loci.cancel': ({ host }) => {
      host.cancel();
    },
    'loci.deleteKept': ({ host: { session, log, engine } }) =>
      void deleteKept({ session, log, folder: engine.keptFolder }),
    'loci.restartEngine': ({ confirmed }) => void confirmed.restart(),
  },
  menu: [
    {
      order: 10,
      label: '$(debug-stop) Cancel reading',
      command: 'loci.cancel',
      when: isReading,
    },
    {
      order: 10,
      label: '$(refresh) Read again',
      command: 'loci.read',
      when: ({ kind }) => kind === 'ready',
    },
    {
      order: 10,
      label: '$(book) Read this repository',
      command: 'loci.read',
      when: (state) => !isReading(state) && state.kind !== 'ready',
    },
    {
      order: 20,
      label: '$(debug-continue) Continue reading',
      command: 'loci.continueReading',
      when: wasStopped,
    },
    { order: 100, label: '$(debug-restart) Restart engine', command: 'loci.restartEngine' },
  ],
  actions: {
    read: ({ confirmed }) => confirmed.read('requested'),
    'read-changes': (part) => part.readChanges(),
    continue: ({ confirmed }) => confirmed.continue(),
    'not-now': ({ host }) => {
      host.session.decline();
    },
    cancel: ({ host }) => {
      host.session.cancelReading();
    },
    restart: ({ confirmed }) => confirmed.restart(),
  },
  cancel: (part) => part.cancel(),
});
