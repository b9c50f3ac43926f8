/** The map of the memory: files and folders by their tokens and by what is remembered of them. */

import { memoryOf } from '../../engine-client/session-state.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { FileAttention } from '../../protocol/answer.ts';
import { fileRetentionRequest } from '../../protocol/requests/file-retention.ts';
import type { FileRetention } from '../../protocol/requests/file-retention.ts';
import type { FromView, ToMap } from '../../protocol/webview.ts';
import { Disposables } from '../editor/disposables.ts';
import { openFile } from '../editor/open-file.ts';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';
import { PanelHost } from '../webviews/panel-host.ts';
import { MapFeed } from './map-feed.ts';

class MemoryMap implements Part {
  readonly #host: Host;
  readonly #disposables = new Disposables();
  readonly #panel: PanelHost<ToMap>;
  readonly #feed: MapFeed;
  #attention: readonly FileAttention[] = [];
  #inspecting: AbortController | null = null;

  constructor(host: Host) {
    this.#host = host;
    const { extensionUri, log, session } = host;
    this.#panel = this.#disposables.add(
      new PanelHost<ToMap>({
        extensionUri,
        name: 'map',
        title: 'Loci: Memory Map',
        snapshot: () => [this.#feed.snapshot(), this.#attended()],
        onMessage: (message) => {
          this.#receive(message);
        },
        log,
      }),
    );
    this.#feed = this.#disposables.add(
      new MapFeed({
        session,
        sessionView: () => host.sessionView(),
        changed: () => host.changes.paths,
        choices: () => host.choices(),
        listens: () => this.#panel.listens,
        post: (message) => {
          this.#panel.post(message);
        },
      }),
    );
    this.#disposables.add(
      session.onDidAnswer(({ attention = [] }) => {
        this.#attend(attention);
      }),
    );
  }

  update(state: SessionState): void {
    if (memoryOf(state) === null && this.#attention.length > 0) this.#attend([]);
    this.#feed.update();
  }

  /** Shows the map in the editor's area. */
  show(): void {
    this.#panel.show();
  }

  dispose(): void {
    this.#inspecting?.abort();
    this.#disposables.dispose();
  }

  #receive(message: FromView): void {
    if (message.type === 'open') void openFile(message.path, null, this.#host.session.roots);
    else if (message.type === 'inspect') void this.#inspect(message.path);
  }

  #attend(files: readonly FileAttention[]): void {
    this.#attention = files;
    this.#panel.post(this.#attended());
  }

  #attended(): ToMap {
    return { type: 'attention', files: [...this.#attention] };
  }

  /** Tells what each head holds of a file; only the newest question is answered. */
  async #inspect(path: string): Promise<void> {
    const { session } = this.#host;
    this.#inspecting?.abort();
    const controller = new AbortController();
    this.#inspecting = controller;
    let retention: FileRetention | null = null;
    if (memoryOf(session.state) !== null || session.state.kind === 'reading') {
      try {
        retention = await session.consult((client) =>
          client.request(fileRetentionRequest, { path }, controller.signal),
        );
      } catch {
        // The page says that it cannot be told.
      }
    }
    if (!controller.signal.aborted) this.#panel.post({ type: 'inspected', path, retention });
  }
}

const show = (part: MemoryMap): void => {
  part.show();
};

/** The map. */
export const map = defineFeature({
  activate: (host) => new MemoryMap(host),
  commands: { 'loci.showMap': show },
  menu: [{ order: 45, label: '$(map) Show memory map', command: 'loci.showMap' }],
});
