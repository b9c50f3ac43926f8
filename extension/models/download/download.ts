/** Downloads one model: what has arrived stays until the file is complete and checked. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadProgress } from '../../protocol/download-progress.ts';
import { validateBeginning, validateModel } from '../validate.ts';
import type { ModelAddress } from './address.ts';
import { addressOf, offeredBy, sumOf } from './answer.ts';
import type { Offered } from './answer.ts';
import { DownloadError } from './download-error.ts';
import { AskAgain, isPassing, isUnreachable, wordedFailure } from './failures.ts';
import { PartFile } from './part-file.ts';
import type { PartVersion } from './part-file.ts';
import { ProgressMeter } from './progress.ts';
import { requestFile } from './request.ts';
import type { Answer, Network } from './request.ts';

export interface DownloadOptions {
  /** The folder of models; made where it is missing. */
  readonly folder: string;
  readonly network: Network;
  /** Stops the download; the part stays, and the next download of the same address goes on there. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Waits in milliseconds after each cut without a byte in between; then the download fails. */
  readonly retryMs?: readonly number[];
}

/** The header is looked at when so much is there, so that gigabytes do not arrive in vain. */
const looksAt = [2 ** 20, 8 * 2 ** 20, 32 * 2 ** 20];
const usualRetryMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/**
 * Downloads a model into a folder, from where an earlier download of it stopped.
 * @returns the path of the complete file, whose header and SHA-256 (where one is known) are right
 * @throws DownloadError
 */
export async function downloadModel(
  wanted: ModelAddress,
  options: DownloadOptions,
): Promise<string> {
  const target = join(options.folder, wanted.fileName);
  try {
    await mkdir(options.folder, { recursive: true });
    if (await exists(target)) {
      throw new DownloadError('exists', `${wanted.fileName} is downloaded already.`);
    }
    const part = new PartFile(target);
    const release = await part.take();
    try {
      const download = new Download(wanted, part, options);
      const version = await download.fetch();
      await download.check(version);
      await rename(part.path, target);
      await part.complete();
      return target;
    } finally {
      await release();
    }
  } catch (error) {
    throw wordedFailure(error, wanted.url, options.signal.aborted);
  }
}

class Download {
  readonly #wanted: ModelAddress;
  readonly #part: PartFile;
  readonly #options: DownloadOptions;
  readonly #meter: ProgressMeter;

  constructor(wanted: ModelAddress, part: PartFile, options: DownloadOptions) {
    this.#wanted = wanted;
    this.#part = part;
    this.#options = options;
    this.#meter = new ProgressMeter(options.onProgress);
  }

  /** Completes the part, over as many requests as it takes. */
  async fetch(): Promise<PartVersion> {
    const { signal, retryMs = usualRetryMs } = this.#options;
    for (let failures = 0; ;) {
      signal.throwIfAborted();
      const before = await this.#part.bytes();
      try {
        return await this.#attempt();
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        const after = await this.#part.bytes();
        failures = after > before ? 0 : failures + 1;
        const wait = retryMs[failures === 0 ? 0 : failures - 1];
        // Without a network, a first click should not wait for a minute.
        if (wait === undefined || (before === 0 && after === 0 && isUnreachable(error))) {
          throw error;
        }
        this.#meter.begin('waiting', after, null);
        await sleep(wait, undefined, { signal });
      }
    }
  }

  /** Compares the sum where one is known, and checks that the file is a model. */
  async check(version: PartVersion): Promise<void> {
    const { fileName, sha256 } = this.#wanted;
    const expected = sha256 ?? sumOf(version);
    if (expected !== null && (await this.#sum()) !== expected) {
      await this.#part.discard();
      throw new DownloadError(
        'wrong-sum',
        `${fileName} arrived damaged: its SHA-256 is not the one that is stated for it. Download it again.`,
      );
    }
    const validation = await validateModel(this.#part.path);
    if (validation.ok) return;
    await this.#part.discard();
    const message = validation.message.replaceAll(`${fileName}.part`, fileName);
    throw new DownloadError('not-a-model', message);
  }

  async #attempt(): Promise<PartVersion> {
    const { url } = this.#wanted;
    const known = await this.#part.version();
    const bytes = await this.#part.bytes();
    const from = known?.address === addressOf(url) ? bytes : 0;
    if (known !== null && from > 0 && from === known.totalBytes) return known;
    const total = from > 0 ? (known?.totalBytes ?? null) : null;
    this.#meter.begin('connecting', from, total);
    const { network, signal } = this.#options;
    const answer = await requestFile(url, from, network, signal);
    try {
      const offered = offeredBy(answer, this.#wanted, from, network.token !== null);
      const continues = from > 0 && offered?.from === from;
      if (offered === null || (continues && offered.version.identity !== known?.identity)) {
        await this.#part.discard();
        throw new AskAgain();
      }
      if (!continues) {
        await this.#part.begin(offered.version.identity === '' ? null : offered.version);
      }
      await this.#receive(answer, offered);
      return offered.version;
    } finally {
      answer.body.destroy();
    }
  }

  async #receive({ body }: Answer, { version, from }: Offered): Promise<void> {
    const { totalBytes } = version;
    if (totalBytes !== null) await this.#part.requireSpace(totalBytes - from);
    const file = await this.#part.append();
    let bytes = from;
    try {
      this.#meter.begin('downloading', from, totalBytes);
      for await (const chunk of body) {
        if (!(chunk instanceof Uint8Array)) continue;
        if (bytes === 0) this.#requireMagic(chunk);
        await file.appendFile(chunk);
        const before = bytes;
        bytes += chunk.length;
        if (looksAt.some((mark) => before < mark && mark <= bytes)) {
          await this.#lookAtHeader(totalBytes);
        }
        this.#meter.add(chunk.length);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (totalBytes !== null && bytes > totalBytes) {
      await this.#part.discard();
      throw new AskAgain();
    }
    if (!body.complete || (totalBytes !== null && bytes < totalBytes)) throw new AskAgain();
  }

  async #lookAtHeader(totalBytes: number | null): Promise<void> {
    if (totalBytes === null) return;
    const { fileName } = this.#wanted;
    const refusal = await validateBeginning(this.#part.path, fileName, totalBytes);
    if (refusal === null) return;
    await this.#part.discard();
    throw new DownloadError('not-a-model', refusal.message);
  }

  /** A page in place of the file is refused before gigabytes of it. */
  #requireMagic(chunk: Uint8Array): void {
    if (chunk.length < 4 || Buffer.from(chunk).toString('latin1', 0, 4) === 'GGUF') return;
    throw new DownloadError(
      'not-a-model',
      `${this.#wanted.url.host} sends something else than a GGUF file. Check the address.`,
    );
  }

  async #sum(): Promise<string> {
    const bytes = await this.#part.bytes();
    this.#meter.begin('checking', 0, bytes);
    const hash = createHash('sha256');
    const { signal } = this.#options;
    const stream = createReadStream(this.#part.path, { signal, highWaterMark: 2 ** 20 });
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) continue;
      hash.update(chunk);
      this.#meter.add(chunk.length);
    }
    return hash.digest('hex');
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
