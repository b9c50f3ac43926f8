import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ModelRefusalCode } from '../protocol/errors.ts';
import { fileReason } from '../protocol/file-problem.ts';
import { plainLine } from '../protocol/plain-text.ts';
import { UnsupportedModel } from './architecture-keys.ts';
import { type GgufHeader, readGgufHeader, type TensorInfo } from './gguf-header.ts';
import { InvalidGguf, ShortenedGguf } from './gguf-reader.ts';
import { type HeaderModel, readModelMetadata } from './model-metadata.ts';
import { splitFiles } from './split-files.ts';

/** What the engine needs to know about a model before loading it. */
export interface ModelMetadata extends HeaderModel {
  /** The file, or the first of a split model's files. */
  readonly path: string;
  readonly files: readonly string[];
  /** The sum over all files. */
  readonly fileBytes: number;
}

interface ModelRefusal {
  readonly ok: false;
  readonly code: ModelRefusalCode;
  /** One sentence for the user. */
  readonly message: string;
}

export type ModelValidation = { readonly ok: true; readonly model: ModelMetadata } | ModelRefusal;

function refuse(code: ModelRefusalCode, message: string): ModelRefusal {
  return { ok: false, code, message };
}

function refusalOf(path: string, error: unknown): ModelRefusal {
  const name = plainLine(basename(path), 120);
  const place = plainLine(path);
  if (error instanceof InvalidGguf) {
    return refuse(
      'model-invalid',
      `${name} is not a valid GGUF model: ${plainLine(error.message, 240)}.`,
    );
  }
  if (error instanceof UnsupportedModel) {
    return refuse(
      'model-unsupported',
      `${name} cannot be used: its architecture, ${plainLine(error.message, 240)}; ` +
        'Loci needs keys and values of its own in every layer that attends.',
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? refuse('model-not-found', `The model file ${place} does not exist.`)
    : refuse('model-unreadable', `The model file ${place} cannot be read: ${fileReason(code)}.`);
}

async function readHeader(
  path: string,
): Promise<{ readonly header: GgufHeader; readonly bytes: number } | ModelRefusal> {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK || 0));
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) {
      return refuse('model-invalid', `${plainLine(path)} is a folder, not a model file.`);
    }
    if (!stats.isFile() || stats.size === 0) {
      const what = stats.isFile() ? 'is empty' : 'is not a regular file';
      return refuse('model-invalid', `The model file ${plainLine(path)} ${what}.`);
    }
    return { header: await readGgufHeader(handle, stats.size), bytes: stats.size };
  } finally {
    await handle.close();
  }
}

function numberOf(header: GgufHeader, key: string): number | null {
  const value = header.metadata.get(key);
  return value?.kind === 'number' ? value.value : null;
}

/** @throws InvalidGguf if the parts do not belong together */
function checkPart(header: GgufHeader, index: number, count: number): void {
  const claimed = numberOf(header, 'split.count') ?? 1;
  if (claimed > 1 && claimed !== count) {
    throw new InvalidGguf(
      `it is one of ${String(claimed)} parts, whose names must end in -00001-of-` +
        `${String(claimed).padStart(5, '0')}.gguf and so on`,
    );
  }
  if (count > 1 && (claimed !== count || numberOf(header, 'split.no') !== index)) {
    throw new InvalidGguf('it is not the part of the model that its name states');
  }
}

/**
 * Decides from the header alone whether a GGUF file is valid and supported by the engine. Checks
 * every part of a split model. Reads no weights, allocates little, and never rejects.
 */
export async function validateModel(path: string): Promise<ModelValidation> {
  const files = splitFiles(path) ?? [path];
  const [first = path] = files;
  const tensors = new Map<string, TensorInfo>();
  let metadata: GgufHeader['metadata'] = new Map();
  let marks: GgufHeader['marks'] = { tokens: new Map(), types: new Uint8Array() };
  let fileBytes = 0;
  for (const [index, file] of files.entries()) {
    try {
      const read = await readHeader(file);
      if ('ok' in read) {
        return read;
      }
      checkPart(read.header, index, files.length);
      if (index === 0) ({ metadata, marks } = read.header);
      for (const [name, tensor] of read.header.tensors) {
        tensors.set(name, tensor);
      }
      fileBytes += read.bytes;
    } catch (error) {
      return refusalOf(file, error);
    }
  }
  try {
    const model = modelOf({ metadata, tensors, marks }, first);
    return { ok: true, model: { ...model, path: first, files, fileBytes } };
  } catch (error) {
    return refusalOf(first, error);
  }
}

/**
 * Decides from the beginning of a file, as far as it is there, whether it can become such a file.
 * @param name of the complete file
 * @param bytes of the complete file
 * @returns null: nothing of the header that is there speaks against it
 */
export async function validateBeginning(
  path: string,
  name: string,
  bytes: number,
): Promise<ModelRefusal | null> {
  try {
    const handle = await open(path, 'r');
    try {
      const header = await readGgufHeader(handle, bytes);
      checkPart(header, 0, 1);
      modelOf(header, name);
      return null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return error instanceof ShortenedGguf ? null : refusalOf(join(dirname(path), name), error);
  }
}

/** @throws InvalidGguf, UnsupportedModel */
function modelOf(header: GgufHeader, path: string): HeaderModel {
  const model = readModelMetadata(header, basename(path));
  if (!header.tensors.has('token_embd.weight')) throw new InvalidGguf('it holds no weights');
  return model;
}
