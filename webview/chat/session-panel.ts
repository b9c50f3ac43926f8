/** The panel above the conversation: what the engine does, and the next action. */

import { modelRefusalCodes, repositoryErrorCodes } from '../../extension/protocol/errors.ts';
import type { ErrorCode } from '../../extension/protocol/errors.ts';
import type { Action, SessionView } from '../../extension/protocol/webview.ts';
import { counted, fullCount } from '../../extension/report/format.ts';
import { describeEstimate, describeFolders } from '../../extension/report/reading-estimate.ts';
import { button, fill } from '../common/dom.ts';
import type { Host } from '../common/host.ts';
import { actionRow, panel, paragraph } from './panel.ts';
import { ReadingPanel } from './reading-panel.ts';

/** Failures that a setting can fix. */
const settingFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid-setting',
  'budget-too-small',
  'out-of-memory',
  'device-not-found',
  'runtime-not-found',
  'parity-failed',
]);

/** Failures that another model can fix. */
const modelFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>(modelRefusalCodes);

/** Failures due to the files. */
const repositoryFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'repository-empty',
  ...repositoryErrorCodes,
]);

/** Shows the panel for the session's state, and nothing once it is ready. */
export class SessionPanel {
  readonly #host: Host;
  readonly #parent: HTMLElement;
  #reading: ReadingPanel | null = null;
  #shown: SessionView | null = null;

  /** @param parent the element to fill */
  constructor(parent: HTMLElement, host: Host) {
    this.#parent = parent;
    this.#host = host;
  }

  /** Shows a state. */
  update(session: SessionView): void {
    if (session.kind === 'reading') {
      if (this.#reading === null) {
        this.#reading = new ReadingPanel(
          () => {
            this.#host.act('cancel');
          },
          () => {
            this.#host.act('show-log');
          },
        );
        fill(this.#parent, this.#reading.root);
      }
      this.#reading.update(session);
    } else if (this.#shown !== session) {
      this.#reading = null;
      fill(this.#parent, this.#build(session));
    }
    this.#shown = session;
  }

  #build(session: Exclude<SessionView, { kind: 'reading' }>): HTMLElement | null {
    switch (session.kind) {
      case 'ready':
        return this.#changes(session.summary.changedFiles);
      case 'no-folder':
        return panel('folder-opened', 'No folder is open', [
          paragraph('Open a folder so that Loci can read it.'),
          actionRow(this.#action('Open Folder', 'primary', 'open-folder')),
        ]);
      case 'idle':
        if (session.unloaded === true) {
          return panel('debug-disconnect', 'Unloaded', [
            paragraph('The memory is kept on disk. Your next question brings it back.'),
            actionRow(this.#action('Bring It Back', 'primary', 'read')),
          ]);
        }
        return panel('book', 'Not read yet', [
          paragraph(
            'Loci reads the whole repository once, on this machine, and remembers what matters.',
          ),
          actionRow(this.#action('Read Repository', 'primary', 'read')),
        ]);
      case 'counting':
        return panel('book', 'Counting…', [
          paragraph(`${counted(session.files, 'file')} found.`),
          actionRow(this.#action('Cancel', 'secondary', 'cancel')),
        ]);
      case 'proposed': {
        const folders = describeFolders(session.estimate);
        return panel('book', 'Read this repository?', [
          paragraph(describeEstimate(session.estimate)),
          ...(folders === null ? [] : [paragraph(folders)]),
          actionRow(
            this.#action('Read', 'primary', 'read'),
            this.#action('Not Now', 'secondary', 'not-now'),
          ),
        ]);
      }
      case 'cancelled':
        return panel('circle-slash', 'Reading was cancelled', [
          paragraph(
            'Loci must read the repository before it can answer questions or complete code.',
          ),
          actionRow(this.#action('Read Repository', 'primary', 'read')),
        ]);
      case 'restarting':
        return panel(
          'warning',
          'The engine stopped',
          [
            paragraph(session.message),
            paragraph('Restarting the engine and rereading the repository…'),
            actionRow(
              this.#action('Restart Now', 'primary', 'restart'),
              this.#action('Show Log', 'secondary', 'show-log'),
            ),
          ],
          'warning',
        );
      case 'failed':
        return this.#failure(session.code, session.message);
    }
  }

  #changes(files: number): HTMLElement | null {
    if (files === 0) return null;
    const text =
      files === 1
        ? '1 file has changed since it was read.'
        : `${fullCount(files)} files have changed since they were read.`;
    return panel('refresh', text, [
      actionRow(this.#action('Read Changes', 'secondary', 'read-changes')),
    ]);
  }

  #failure(code: ErrorCode, message: string): HTMLElement {
    const title = code === 'engine-crashed' ? 'The engine stopped' : 'Reading failed';
    const next = this.#nextStep(code);
    const log = this.#action('Show Log', 'secondary', 'show-log');
    return panel('error', title, [paragraph(message), actionRow(next, log)], 'error');
  }

  #nextStep(code: ErrorCode): HTMLElement {
    if (modelFailures.has(code)) return this.#action('Choose a Model…', 'primary', 'choose-model');
    if (settingFailures.has(code)) return this.#action('Open Settings', 'primary', 'open-settings');
    if (repositoryFailures.has(code)) return this.#action('Read Again', 'primary', 'read');
    return this.#action('Restart Engine', 'primary', 'restart');
  }

  #action(text: string, kind: 'primary' | 'secondary', action: Action): HTMLElement {
    return button(text, kind, () => {
      this.#host.act(action);
    });
  }
}
