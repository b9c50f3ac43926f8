/**
 * How much of its text each layer of a model needs, or each KV head: measured once per model, then
 * kept.
 *
 * Two ways, kept apart. `repeat`: a little code is read and repeated (KVzip, arXiv 2505.23416), and
 * all layers compete for a quarter of their tokens by the mean attention that the repetition pays;
 * what each layer keeps is its weight. `keys` is EpiCache's own (`key-profile.ts`, arXiv 2509.17396),
 * which also found that such a profile belongs to the model and not to the text.
 */

import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { chosenHeads, chosenLayers } from '../../../models/layer-table.ts';
import type { ModelMetadata } from '../../../models/validate.ts';
import { calibrationFiles } from './calibration-text.ts';
import { makeDirectory } from '../../native/cache-directory.ts';
import { cancellable } from '../../native/cancellation.ts';
import { keyProfileNeeds, measureKeyProfile } from './key-profile.ts';
import { StepProgress } from './step-progress.ts';
import type { MeasuringProgress } from './step-progress.ts';
import type {
  NativeAddon,
  NativeMemory,
  NativeModel,
  PolicyProfile,
} from '../../native/contract.ts';
import { codeProbe, repeatPrompt } from '../../prompt/observation-text.ts';
import type { Formats } from '../../prompt/formats.ts';
import { concatenate } from '../../prompt/tokens.ts';

/** Tokens that are read: more changed the weights of the bundled model little. */
const calibrationTokens = 1024;
const heldShare = 0.25;
const chunkTokens = 512;
/** Tokens that are read to learn how long measuring will take. */
const trialTokens = 64;
/** Each token is read, and repeated from behind a prompt. */
const passes = 2.2;

type ProfileKind = Exclude<PolicyProfile, 'none'>;

/** A change of how it is measured makes what was kept useless. */
const procedures: Readonly<Record<ProfileKind, number>> = { repeat: 1, keys: 1 };

const needs = {
  repeat: { room: calibrationTokens * heldShare + chunkTokens, positions: 2 * chunkTokens },
  keys: keyProfileNeeds(calibrationTokens),
};

export interface ProfileRequest {
  readonly addon: Pick<NativeAddon, 'createCancellation'>;
  readonly model: NativeModel;
  readonly formats: Formats;
  readonly metadata: ModelMetadata;
  readonly threads: number;
  readonly kind: ProfileKind;
  /** Whether every KV head has a weight of its own. */
  readonly heads: boolean;
  /** Where profiles are kept; null: nowhere. */
  readonly directory: string | null;
  /** What the memory may take that the profile is for; measuring it takes no more. */
  readonly roomTokens: number;
  /** Hears how far the measuring is. */
  readonly onProgress?: ((progress: MeasuringProgress) => void) | undefined;
  /** Awaited between steps: what is more urgent goes first. */
  readonly between?: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal;
}

/**
 * The weights of the layers, or of the heads layer by layer; only their ratios mean something. null
 * where they are not known and the model's context or the room is too small to measure them: then
 * all layers count alike.
 * @throws EngineError `cancelled`; what the addon rejects with.
 */
export async function layerProfile(request: ProfileRequest): Promise<Float64Array | null> {
  const { metadata, kind, heads, directory, roomTokens } = request;
  const name = `${kind === 'keys' ? 'key-' : ''}${heads ? 'head-profile' : 'profile'}`;
  const file =
    directory === null
      ? null
      : join(directory, `${name}-${await fingerprint(metadata, kind)}.json`);
  const { table } = metadata;
  const known = await readProfile(
    file,
    heads ? chosenHeads(table).length : chosenLayers(table).length,
  );
  if (known !== null) return known;
  const needed = needs[kind];
  if (metadata.trainedContext < needed.positions || roomTokens < needed.room) return null;
  const profile =
    kind === 'keys'
      ? await measureKeyProfile(request, calibrationStream(request.formats))
      : await measureRepetition(request);
  await writeProfile(file, profile);
  return profile;
}

async function measureRepetition(request: ProfileRequest): Promise<Float64Array> {
  const { addon, model, formats, metadata, heads, threads, signal } = request;
  const layout = heads ? 'ragged' : 'rectangular';
  const tokens = calibrationStream(formats);
  const memory = await cancellable(addon, signal, (cancellation) =>
    model.createMemory({
      budgetTokens: Math.max(64, Math.floor(tokens.length * heldShare)),
      chunkTokens,
      policy: { name: 'kvzip', parameters: { aggregate: 'mean', floor: '0', recent: '8', layout } },
      kvType: 'f16',
      probe: codeProbe(formats.chat),
      repeatPrompt: repeatPrompt(formats.chat),
      threads,
      cacheDirectory: null,
      cancellation,
    }),
  );
  try {
    await read(memory, tokens, request);
    return Float64Array.from(heldTokens(memory, metadata, heads), (held) => Math.max(1, held));
  } finally {
    memory.dispose();
  }
}

function heldTokens(
  memory: NativeMemory,
  { table }: ModelMetadata,
  heads: boolean,
): ArrayLike<number> {
  if (!heads) return memory.report().layerTokens;
  return chosenHeads(table).map(({ layer, head }) => memory.held(layer, head).length);
}

async function read(
  memory: NativeMemory,
  tokens: Int32Array,
  request: ProfileRequest,
): Promise<void> {
  const { between } = request;
  const progress = new StepProgress(tokens.length, request.onProgress ?? (() => undefined));
  progress.expect(passes * (await secondsPerToken(request, tokens)));
  const step = memory.report().appendCapacity;
  for (let from = 0; from < tokens.length; from += step) {
    await between?.();
    const chunk = tokens.slice(from, from + step);
    await progress.step(chunk.length, () => append(request, memory, chunk));
  }
}

/** What reading a token takes. The first ones do not count: the weights may come from disk. */
async function secondsPerToken(request: ProfileRequest, tokens: Int32Array): Promise<number> {
  const { addon, model, threads, signal } = request;
  const memory = await cancellable(addon, signal, (cancellation) =>
    model.createMemory({
      budgetTokens: 2 * trialTokens,
      chunkTokens: trialTokens,
      policy: { name: 'full', parameters: {} },
      kvType: 'f16',
      threads,
      cacheDirectory: null,
      cancellation,
    }),
  );
  try {
    await append(request, memory, tokens.slice(0, trialTokens));
    const startedAt = performance.now();
    await append(request, memory, tokens.slice(trialTokens, 2 * trialTokens));
    return (performance.now() - startedAt) / 1000 / trialTokens;
  } finally {
    memory.dispose();
  }
}

function append(
  { addon, signal }: ProfileRequest,
  memory: NativeMemory,
  tokens: Int32Array,
): Promise<void> {
  return cancellable(addon, signal, (cancellation) => memory.append(tokens, { cancellation }));
}

function calibrationStream({ chat, layout }: Formats): Int32Array {
  const parts = calibrationFiles.flatMap(([path, text]) => [
    layout.fileHeader(path),
    layout.content(text),
  ]);
  const all = concatenate(chat.prologue, layout.repositoryHeader('calibration'), ...parts);
  return all.slice(0, calibrationTokens);
}

async function fingerprint(metadata: ModelMetadata, kind: ProfileKind): Promise<string> {
  const times = await Promise.all(metadata.files.map((file) => stat(file)));
  const parts = times.map(({ size, mtimeMs }, index) => [metadata.files[index], size, mtimeMs]);
  return createHash('sha256')
    .update(JSON.stringify([procedures[kind], parts]))
    .digest('hex')
    .slice(0, 32);
}

async function readProfile(file: string | null, weights: number): Promise<Float64Array | null> {
  if (file === null) return null;
  try {
    // A pipe in its place would never end.
    if (!(await stat(file)).isFile()) return null;
    const schema = z.array(z.number().positive().max(1e9)).length(weights);
    return Float64Array.from(schema.parse(JSON.parse(await readFile(file, 'utf8'))));
  } catch {
    return null; // missing, or not one of ours: it is measured again
  }
}

/** A profile that cannot be kept is measured again the next time. */
async function writeProfile(file: string | null, profile: Float64Array): Promise<void> {
  if (file === null) return;
  // A fixed name: what a process that was killed left is written over by the next.
  const draft = `${file}.partial`;
  try {
    await makeDirectory(dirname(file));
    await writeFile(draft, JSON.stringify([...profile]));
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
