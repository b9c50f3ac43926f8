/** Keeps the memory that is held: saves it while nothing else is to be done, and brings it back. */

import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isWithin } from '../../repository/disk/is-within.ts';
import type { LogLevel } from '../../protocol/notifications/log.ts';
import type { Keep } from '../../protocol/keep.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { byteSize } from '../../report/format.ts';
import { EngineError, isCancellation, toEngineError } from '../core/errors.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Repository } from '../memory/repository.ts';
import type { LoadedAddon } from '../native/addon.ts';
import type { HeldMemory } from '../reading/held-memory.ts';
import type { Loading } from '../reading/load-memory.ts';
import { KeptFolder } from './kept-folder.ts';
import { restoreMemory } from './restore-memory.ts';
import { saveMemory } from './save-memory.ts';

/** A question often follows as soon as a repository is open. */
const waitMs = 2_000;
/** Between saving a memory and saving it again once its files were followed: that can be done again. */
const againMs = 60_000;
const never = new AbortController().signal;

export interface KeeperOptions {
  readonly engine: LoadedAddon;
  readonly scheduler: Scheduler;
  readonly held: HeldMemory;
  readonly onLog: (level: LogLevel, text: string) => void;
}

/** What is to be saved, and where. */
interface Unsaved {
  readonly repository: Repository;
  readonly revision: number;
  readonly keep: Keep;
}

/** A memory as it was at one time: following its files makes another of it. */
type Version = Pick<Unsaved, 'repository' | 'revision'>;

/** Every other job interrupts saving, which begins again once the queue has run empty. */
export class Keeper {
  readonly #options: KeeperOptions;
  #timer: NodeJS.Timeout | null = null;
  /** What needs no saving: it is on disk, or it cannot be put there. */
  #settled: Version | null = null;
  #onDisk: Version | null = null;
  #savedAt = -Infinity;
  #notice: string | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** What is to be said of a memory that was not used, with the reading that follows; said once. */
  takeNotices(): string[] {
    const notice = this.#notice;
    this.#notice = null;
    return notice === null ? [] : [notice];
  }

  /** To be called when the queue has run empty. */
  onIdle(): void {
    this.stop();
    const unsaved = this.#unsaved();
    if (unsaved === null) return;
    const again = unsaved.repository === this.#onDisk?.repository;
    const wait = again ? this.#savedAt + againMs - performance.now() : 0;
    this.#timer = setTimeout(() => void this.#run(), Math.max(waitMs, wait)).unref();
  }

  /** Begins nothing more until the queue has run empty again. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /**
   * Saves at once, where that is still to be done.
   * @returns whether what is held is on disk now
   * @throws EngineError `cancelled`
   */
  saveNow(signal: AbortSignal): Promise<boolean> {
    const { scheduler, held } = this.#options;
    return scheduler.schedule('ingestion', signal, async (turn) => {
      await this.#save(turn.signal);
      return held.repository !== null && isVersion(this.#onDisk, held.repository);
    });
  }

  /**
   * Takes what is kept in place of reading.
   * @returns null where nothing that is kept can be used
   * @throws EngineError as `restoreMemory`
   */
  async restore(loading: Loading): Promise<OpenResult | null> {
    const { engine, held, onLog } = this.#options;
    const { keep } = loading.plan.parameters;
    this.#notice = null;
    if (keep === undefined) return null;
    const folder = await folderOf(keep, loading.plan.roots);
    const { result, asKept, refusal } = await restoreMemory({ ...loading, engine, folder });
    if (refusal !== null) {
      const cause = refusal.cause instanceof Error ? ` (${refusal.cause.message})` : '';
      onLog('warn', `The kept memory is not used: ${refusal.finding}${cause}.`);
    }
    if (result === null) this.#notice = refusal?.message ?? null;
    else if (asKept && held.repository !== null) {
      this.#settled = this.#onDisk = versionOf(held.repository);
    }
    return result;
  }

  async #run(): Promise<void> {
    const { scheduler } = this.#options;
    // Something came meanwhile; its end is heard of.
    if (scheduler.running.length > 0) return;
    try {
      await scheduler.schedule('idle', never, ({ signal }) => this.#save(signal));
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }

  /** @throws EngineError `cancelled` alone: what else fails is logged, and not tried again */
  async #save(signal: AbortSignal): Promise<void> {
    const { engine, held, onLog } = this.#options;
    const unsaved = this.#unsaved();
    const { read } = held;
    if (unsaved === null || read === null) return;
    const { keep, ...version } = unsaved;
    const { limitBytes = Infinity } = keep;
    const startedAt = performance.now();
    try {
      const folder = await folderOf(keep, read.basis.plan.roots);
      const saved = await saveMemory({ engine, folder, limitBytes, read, signal });
      if (saved.kind === 'saved') {
        this.#onDisk = version;
        this.#savedAt = performance.now();
      }
      const took = `${(performance.now() - startedAt).toFixed(0)} ms`;
      onLog(
        'info',
        saved.kind === 'saved'
          ? `The memory is kept on disk: ${byteSize(saved.bytes)}, written in ${took}.`
          : `The memory is not kept on disk: it takes ${byteSize(saved.bytes)}, and the limit is ${byteSize(limitBytes)}.`,
      );
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { message } = toEngineError(error);
      onLog('warn', `The memory could not be kept on disk. ${message}`);
    }
    this.#settled = version;
  }

  #unsaved(): Unsaved | null {
    const { repository, read } = this.#options.held;
    const keep = read?.basis.plan.parameters.keep;
    if (repository === null || keep === undefined || read?.outcome.reading.complete !== true) {
      return null;
    }
    return isVersion(this.#settled, repository) ? null : { ...versionOf(repository), keep };
  }
}

function versionOf(repository: Repository): Version {
  return { repository, revision: repository.revision };
}

function isVersion(version: Version | null, repository: Repository): boolean {
  return version?.repository === repository && version.revision === repository.revision;
}

/** @throws EngineError `invalid-argument` where what is kept would be read, too */
async function folderOf({ folder }: Keep, roots: readonly string[]): Promise<KeptFolder> {
  const real = await realPathOf(folder);
  for (const root of roots) {
    if (!isWithin(root, folder) && !isWithin(await realPathOf(root), real)) continue;
    throw new EngineError(
      'invalid-argument',
      'A memory cannot be kept in the repository. Choose a folder outside of it.',
    );
  }
  return new KeptFolder(folder);
}

/** Where a path leads; as it is where nothing is there yet. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOf(parent), basename(path));
  }
}
