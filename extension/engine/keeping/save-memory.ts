/** A memory that was read, written to the folder that it is kept in. */

import { open, rm, stat } from 'node:fs/promises';
import { cancellable } from '../native/cancellation.ts';
import type { LoadedAddon } from '../native/addon.ts';
import type { FinishedReading } from '../reading/held-memory.ts';
import { writeContainer } from './container.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keyOf, syncFile } from './kept-folder.ts';
import type { Generation, KeptFolder } from './kept-folder.ts';
import { filesBytes, manifestBytes } from './manifest.ts';
import type { Manifest } from './manifest.ts';

/** The header of a file of keys and values: `byte_file.cpp` has its fields. */
const valuesHeaderBytes = 48;

export interface Saving {
  readonly engine: LoadedAddon;
  readonly folder: KeptFolder;
  /** Bytes that all memories of the folder may take. */
  readonly limitBytes: number;
  /** Complete. */
  readonly read: FinishedReading;
  readonly signal: AbortSignal;
}

/** What came of it. */
export type Saved =
  | { readonly kind: 'saved'; readonly bytes: number }
  /** It takes more than the limit, so nothing was written. */
  | { readonly kind: 'too-large'; readonly bytes: number };

/**
 * Saves a memory as the newest generation of its folders. Whatever stops it, the generations before are
 * as they were, and none is half of one.
 * @throws EngineError `cancelled`; what the addon and the file system reject with
 */
export async function saveMemory(saving: Saving): Promise<Saved> {
  const { folder, read, limitBytes, signal } = saving;
  const { report, index } = read.outcome.repository;
  const expectedBytes = report.physicalBytes + 4 * index.tokens;
  if (expectedBytes > limitBytes) return { kind: 'too-large', bytes: expectedBytes };
  await folder.prepare();
  const key = keyOf(read.basis.plan.roots);
  await folder.tidy(key);
  const [newest] = await folder.generations(key);
  const generation = { key, number: (newest?.number ?? 0) + 1 };
  const files = [folder.valuesOf(generation), folder.pathOf(generation)];
  try {
    for (const file of files) await rm(folder.temporaryOf(file), { force: true });
    await write(saving, generation);
    signal.throwIfAborted();
    // The second name makes it complete.
    for (const file of files) await folder.place(file);
  } catch (error) {
    for (const file of files) await rm(folder.temporaryOf(file), { force: true });
    throw error;
  }
  await folder.prune(generation, limitBytes);
  const [saved] = await folder.generations(key);
  return { kind: 'saved', bytes: saved?.bytes ?? 0 };
}

async function write(saving: Saving, generation: Generation): Promise<void> {
  const { folder, read, signal } = saving;
  const { repository } = read.outcome;
  const { addon, memory, index } = repository;
  const values = folder.temporaryOf(folder.valuesOf(generation));
  const manifest = await manifestFor(saving, generation);
  await cancellable(addon, signal, (cancellation) => memory.save({ path: values, cancellation }));
  await syncFile(values);
  const lines = index.lines(0, index.tokens);
  const parts = [
    manifestBytes({ ...manifest, values: await valuesIn(values) }),
    filesBytes(index.files),
    new Uint8Array(lines.buffer, lines.byteOffset, lines.byteLength),
  ];
  await writeContainer(folder.temporaryOf(folder.pathOf(generation)), parts, signal);
}

async function manifestFor(
  { engine, read }: Saving,
  { number }: Generation,
): Promise<Omit<Manifest, 'values'>> {
  const { basis, outcome, suggestions } = read;
  const { plan, runtime, loaded, budgetTokens, expectedTokens } = basis;
  return {
    generation: number,
    savedAt: Date.now(),
    modelName: loaded.metadata.name,
    fingerprint: await fingerprintOf(plan, engine, runtime, loaded.identity),
    policy: outcome.policy,
    refined: outcome.refined,
    budgetTokens,
    pinned: outcome.repository.listing.files.some(({ pinned }) => pinned === true),
    expectedTokens,
    streamLimit: basis.streamLimit,
    streamTokens: outcome.repository.report.streamTokens,
    named: outcome.repository.index.named,
    readingMs: outcome.reading.milliseconds,
    suggestions,
  };
}

/** What tells a file of keys and values from every other. */
export async function valuesIn(path: string): Promise<Manifest['values']> {
  const { size: bytes } = await stat(path);
  const handle = await open(path, 'r');
  try {
    const header = Buffer.alloc(valuesHeaderBytes);
    await handle.read(header, 0, header.length, 0);
    return { bytes, header: header.toString('base64') };
  } finally {
    await handle.close();
  }
}
