/** The first reading: counts the files, and proposes a long reading. */

import { estimateReading, takesLong } from '../report/reading-estimate.ts';
import type { EngineSlot } from './engine-slot.ts';
import type { Readings } from './readings.ts';
import type { SessionOptions } from './session-options.ts';
import type { SessionStore } from './session-store.ts';
import type { EngineClient } from './client.ts';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { restoreRequest } from '../protocol/requests/restore.ts';
import { measureRepositoryRequest } from '../protocol/requests/measure-repository.ts';

/** Begins a reading that the user has not requested. */
export class Proposal {
  readonly #options: SessionOptions;
  readonly #store: SessionStore;
  readonly #slot: EngineSlot;
  readonly #readings: Readings;
  #counting: AbortController | null = null;
  #declined = false;

  constructor(options: SessionOptions, store: SessionStore, slot: EngineSlot, readings: Readings) {
    this.#options = options;
    this.#store = store;
    this.#slot = slot;
    this.#readings = readings;
  }

  /** Whether the user declined to read for now. */
  get declined(): boolean {
    return this.#declined;
  }

  /** @see EngineSession.propose */
  async begin(): Promise<void> {
    const { kind } = this.#store.state;
    if (this.#store.disposed || (kind !== 'idle' && kind !== 'cancelled')) return;
    const counting = new AbortController();
    this.#counting = counting;
    this.#store.set({ kind: 'counting', files: 0 });
    try {
      const parameters = this.#options.parameters();
      const { client } = this.#slot.ensure();
      if (await this.#restored(client, parameters, counting)) return;
      const size = await client.request(
        measureRepositoryRequest,
        { roots: parameters.roots, encodings: parameters.encodings, exclude: parameters.exclude },
        counting.signal,
      );
      if (!this.#isCurrent(counting)) return;
      const estimate = estimateReading(size, this.#options.speed?.(parameters) ?? null);
      if (takesLong(estimate)) this.#store.set({ kind: 'proposed', estimate });
      else await this.#readings.read('requested', null);
    } catch {
      // A reading reports what is wrong and what to do.
      if (this.#isCurrent(counting)) await this.#readings.read('requested', null);
    }
  }

  /** Returns whether a kept memory is in use, or whether something else was begun meanwhile. */
  async #restored(
    client: EngineClient,
    wanted: OpenParameters,
    counting: AbortController,
  ): Promise<boolean> {
    if (wanted.keep === undefined) return false;
    const restoring = { ...wanted, keep: { ...wanted.keep, restore: true } };
    // Ignore failures: a reading reports them, and a long one must not begin unasked.
    const request = client.request(restoreRequest, restoring, counting.signal);
    const result = await request.catch(() => null);
    if (!this.#isCurrent(counting)) return true;
    if (result !== null) this.#readings.take(result, wanted, null);
    return result !== null;
  }

  /** Declines the reading; it is not proposed again before the user reads or asks. */
  decline(): void {
    if (this.#store.state.kind !== 'proposed') return;
    this.#declined = true;
    this.#store.set({ kind: 'idle' });
  }

  /** Stops counting. */
  cancel(): void {
    this.#counting?.abort();
    this.#counting = null;
    if (this.#store.state.kind === 'counting') this.#store.set({ kind: 'cancelled' });
  }

  /** Call with the number of files found so far. */
  onFiles(files: number): void {
    if (this.#store.state.kind === 'counting') this.#store.set({ kind: 'counting', files });
  }

  #isCurrent(counting: AbortController): boolean {
    return this.#counting === counting && this.#store.state.kind === 'counting';
  }
}
