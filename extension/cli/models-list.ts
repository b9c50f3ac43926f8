/** `loci models list`: models to download, and those that were. */

import { curatedModels } from '../models/curated.ts';
import { downloadedModels, modelFolder } from '../models/download/model-folder.ts';
import type { DownloadedModel } from '../models/download/model-folder.ts';
import { visibleName } from '../protocol/plain-text.ts';
import { proposedModelsRequest } from '../protocol/requests/proposed-models.ts';
import type { ModelFit } from '../protocol/requests/proposed-models.ts';
import { byteSize } from '../report/format.ts';
import { describeFit } from '../report/download-text.ts';
import type { CommandContext, ParsedArguments } from './command.ts';
import { table } from './command.ts';
import { flag } from './options.ts';
import { withOwnEngine } from './own-engine.ts';
import { UsageError } from './usage-error.ts';

/** Prints both lists; connects to nothing. @throws UsageError */
export async function listModels(
  parsed: ParsedArguments,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (parsed.positionals.length > 1) throw new UsageError('"models list" takes no argument.');
  const verbose = flag(parsed, 'verbose');
  const fits = await withOwnEngine({ terminal, verbose, signal }, (client) =>
    client.request(proposedModelsRequest, { gpu: 'auto', kvType: 'f16' }, signal),
  );
  const folder = modelFolder();
  const downloaded = folder === null ? [] : await downloadedModels(folder);
  if (flag(parsed, 'json')) terminal.json({ ...listed(fits), folder, downloaded });
  else terminal.out(report(fits, folder, downloaded));
}

function listed(fits: readonly ModelFit[]): { readonly models: readonly unknown[] } {
  return {
    models: curatedModels.map(({ name, title, bytes, quantisation, trainedContext, licence }) => ({
      ...{ name, title, bytes, quantisation, trainedContext, licence },
      ...fits.find((fit) => fit.name === name),
    })),
  };
}

function report(
  fits: readonly ModelFit[],
  folder: string | null,
  downloaded: readonly DownloadedModel[],
): string {
  const rows = curatedModels.map((model): [string, string] => {
    const fit = fits.find(({ name }) => name === model.name);
    const facts = [byteSize(model.bytes), model.quantisation, model.licence];
    return [model.name, [...facts, ...(fit === undefined ? [] : [describeFit(fit)])].join(', ')];
  });
  const there = downloaded.map(
    ({ path, bytes, complete }) =>
      `  ${visibleName(path)} (${byteSize(bytes)}${complete ? '' : ', not complete'})`,
  );
  return [
    'Models to download with "loci models pull NAME":',
    ...table(rows),
    '',
    `Downloaded${folder === null ? '' : ` into ${visibleName(folder)}`}:`,
    ...(there.length === 0 ? ['  none'] : there),
    '',
  ].join('\n');
}
