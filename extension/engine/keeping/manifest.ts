/** What a kept memory says of itself: what it was made with, and what its views show. */

import { z } from 'zod';
import { statedEncodingsSchema } from '../../protocol/encodings.ts';
import { amount, count, path } from '../../protocol/fields.ts';
import { gpuSchema } from '../../protocol/gpu.ts';
import type { Immutable } from '../../protocol/message.ts';
import { kvTypeSchema, policyParametersSchema, policySchema } from '../../protocol/policies.ts';
import type { StreamFile } from '../../repository/stream/stream-file.ts';
import { Unusable } from './unusable.ts';

const policyOfMemory = z.strictObject({ name: policySchema, parameters: policyParametersSchema });
const sha256 = z.string().regex(/^[\w-]{43}$/u);

/** Everything that must be as it was. */
const fingerprintSchema = z.strictObject({
  /** SHA-256 of the addon. */
  engine: sha256,
  /** llama.cpp's version. */
  libraries: z.string(),
  model: z.strictObject({ bytes: count, modifiedMs: amount, header: sha256 }),
  roots: z.array(path).min(1),
  gpu: gpuSchema,
  /** As asked for. */
  policy: policyOfMemory,
  kvType: kvTypeSchema,
  workingTokens: count.nullable(),
  observedQuestion: z.string().nullable(),
  encodings: statedEncodingsSchema,
});
export type KeptFingerprint = Immutable<z.infer<typeof fingerprintSchema>>;

const manifestSchema = z.strictObject({
  generation: count.positive(),
  /** Milliseconds since 1970. */
  savedAt: amount,
  modelName: z.string(),
  fingerprint: fingerprintSchema,
  /** Which file of keys and values belongs to it: its length, and its header, which has its sum. */
  values: z.strictObject({ bytes: count, header: z.string() }),
  /** By which it was made in the end: another one where it was refined. */
  policy: policyOfMemory,
  refined: z.boolean(),
  budgetTokens: count,
  /** Whether it protects files that were pinned. */
  pinned: z.boolean(),
  /** The exact length of the stream, where it was counted. */
  expectedTokens: count.nullable(),
  /** What the stream could not be longer than when its budget was settled. */
  streamLimit: count,
  streamTokens: count,
  /** The names of files and units that the stream has used. */
  named: z.strictObject({ files: count, units: count.max(2 ** 30) }),
  readingMs: amount,
  suggestions: z.array(z.string()),
});
export type Manifest = Immutable<z.infer<typeof manifestSchema>>;

const fileSchema = z.strictObject({
  path,
  hash: sha256,
  from: count,
  contentFrom: count,
  to: count,
  lines: count,
});
const filesSchema = z.array(fileSchema);

/** A manifest as the bytes of a part. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return Buffer.from(JSON.stringify(manifest));
}

/** The table of files likewise. */
export function filesBytes(files: readonly StreamFile[]): Uint8Array {
  return Buffer.from(JSON.stringify(files));
}

/** @throws Unusable */
export function manifestOf(bytes: Uint8Array): Manifest {
  const manifest = checked(manifestSchema, bytes);
  // Every file has tokens of its own.
  if (manifest.named.files > manifest.streamTokens) throw new Unusable('damaged');
  return manifest;
}

/**
 * The files of a stream of so many tokens: one behind the other, each path inside its root and once.
 * @throws Unusable
 */
export function filesOf(bytes: Uint8Array, streamTokens: number): StreamFile[] {
  const files = checked(filesSchema, bytes);
  const paths = new Set<string>();
  let end = 0;
  for (const { path: name, from, contentFrom, to } of files) {
    const inside = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
    const ordered = end <= from && from <= contentFrom && contentFrom <= to && to <= streamTokens;
    if (!inside || !ordered || paths.has(name)) throw new Unusable('damaged');
    paths.add(name);
    end = to;
  }
  return files;
}

/**
 * The line of each token: none beyond the lines of its file, and none outside of files.
 * @throws Unusable
 */
export function linesOf(
  bytes: Uint8Array,
  files: readonly StreamFile[],
  streamTokens: number,
): Uint32Array<ArrayBuffer> {
  if (bytes.length !== 4 * streamTokens) throw new Unusable('damaged');
  const lines = new Uint32Array(streamTokens);
  new Uint8Array(lines.buffer).set(bytes);
  let at = 0;
  const limited = (end: number, most: number): void => {
    for (; at < end; at++) if ((lines[at] ?? 0) > most) throw new Unusable('damaged');
  };
  for (const file of files) {
    limited(file.contentFrom, 0);
    limited(file.to, file.lines);
  }
  limited(streamTokens, 0);
  return lines;
}

function checked<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new Unusable('damaged', { cause: error });
  }
}
