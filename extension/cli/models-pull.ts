/** `loci models pull`: downloads one model. */

import { join } from 'node:path';
import { usualHub } from '../protocol/model-hub.ts';
import { plainLine } from '../protocol/plain-text.ts';
import type { DownloadProgress } from '../protocol/download-progress.ts';
import { curatedAddress, curatedModels } from '../models/curated.ts';
import { hubAddress, isOnHub, modelAddress } from '../models/download/address.ts';
import type { ModelAddress } from '../models/download/address.ts';
import { DownloadError } from '../models/download/download-error.ts';
import { downloadModel } from '../models/download/download.ts';
import { modelFolder } from '../models/download/model-folder.ts';
import { environmentProxies } from '../models/download/proxy.ts';
import { describeDownload } from '../report/download-text.ts';
import type { CommandContext, ParsedArguments } from './command.ts';
import { flag, text } from './options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The interval of progress lines without an updating line. */
const quietMs = 5_000;

/**
 * Downloads the named model into the user's folder of models and prints its path. A model that is
 * there already is printed as well.
 * @throws UsageError; DownloadError
 */
export async function pullModel(
  parsed: ParsedArguments,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const [, name, ...rest] = parsed.positionals;
  if (name === undefined || rest.length > 0) {
    throw new UsageError('"models pull" needs one name or address.');
  }
  const folder = modelFolder();
  if (folder === null) {
    throw new UsageError('This user has no home folder. Set LOCI_MODELS_DIR to a folder.');
  }
  const hub = hubOf(parsed);
  const wanted = addressOf(name, hub);
  const token = isOnHub(wanted.url, hub) ? (process.env['HF_TOKEN'] ?? '') : '';
  try {
    const path = await downloadModel(wanted, {
      folder,
      network: { hub, token: token === '' ? null : token, proxies: environmentProxies() },
      signal,
      onProgress: progressListener(terminal, wanted.fileName),
    });
    print(path);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    if (error.code === 'exists') {
      terminal.note(error.sentence);
      print(join(folder, wanted.fileName));
      return;
    }
    if (error.code === 'stopped') {
      terminal.note('What has arrived is kept. Run the command again to go on from there.');
    }
    if (error.code === 'needs-token' && token === '' && isOnHub(wanted.url, hub)) {
      throw new DownloadError('needs-token', `${error.sentence} Put it into HF_TOKEN.`);
    }
    throw error;
  }

  function print(path: string): void {
    if (flag(parsed, 'json')) terminal.json({ path });
    else terminal.out(`${path}\n`);
  }
}

function hubOf(parsed: ParsedArguments): string {
  const stated = text(parsed, 'hub') ?? process.env['HF_ENDPOINT'] ?? '';
  const hub = hubAddress(stated === '' ? usualHub : stated);
  if (hub !== null) return hub;
  throw new UsageError(
    `"${plainLine(stated, 80)}" is not the address of a hub. Use one such as ${usualHub}.`,
  );
}

function addressOf(name: string, hub: string): ModelAddress {
  const known = curatedModels.find((model) => model.name === name.toLowerCase());
  if (known !== undefined) return curatedAddress(known, hub);
  try {
    return modelAddress(name, hub);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new UsageError(`${error.sentence} "loci models list" lists names.`);
  }
}

function progressListener(
  terminal: Terminal,
  fileName: string,
): (progress: DownloadProgress) => void {
  let phase: DownloadProgress['phase'] | null = null;
  let toldAt = 0;
  return (progress) => {
    const line = `${fileName}: ${describeDownload(progress)}`;
    terminal.status(line);
    if (terminal.interactive) return;
    const now = performance.now();
    if (phase === progress.phase && now - toldAt < quietMs) return;
    terminal.note(line);
    phase = progress.phase;
    toldAt = now;
  };
}
