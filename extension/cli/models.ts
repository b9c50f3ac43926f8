/** `loci models`: lists the available models and which of them fit this machine. */

import { resolve } from 'node:path';
import { chunkTokensFor } from '../engine/memory/chunk-tokens.ts';
import { availableMainMemory, computeBytes } from '../engine/native/free-memory.ts';
import { bundledModelPath, isBundledModel } from '../models/bundled.ts';
import type { InfillFormat } from '../models/code-format.ts';
import { budgetTokens, memoryBytes } from '../models/estimate.ts';
import { validateModel } from '../models/validate.ts';
import type { ModelMetadata } from '../models/validate.ts';
import { usualHub } from '../protocol/model-hub.ts';
import type { Budget } from '../protocol/budget.ts';
import { devicesRequest } from '../protocol/requests/devices.ts';
import type { DeviceReport } from '../protocol/requests/devices.ts';
import { byteSize, fullCount } from '../report/format.ts';
import { visibleName } from '../protocol/plain-text.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { layerLines } from './layer-lines.ts';
import { cancelled } from './opened.ts';
import { withOwnEngine } from './own-engine.ts';
import { budgetOption, flag, openOptions, outputOptions, text } from './options.ts';
import { listModels } from './models-list.ts';
import { pullModel } from './models-pull.ts';
import { UsageError } from './usage-error.ts';

export const modelsCommand: Command = {
  name: 'models',
  summary:
    'Show the bundled model and the named ones, the memory that each needs, and where it fits; list models to download ("list"), or download one ("pull").',
  usage: '[GGUF]... | list | pull NAME|ADDRESS [options]',
  positionals: true,
  options: {
    budget: openOptions.budget,
    hub: {
      type: 'string',
      value: 'ADDRESS',
      help: `With pull: where models are; HF_ENDPOINT or ${usualHub} by default. HF_TOKEN is sent to it.`,
    },
    ...outputOptions,
  },
  run,
};

interface Estimate {
  readonly budgetTokens: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly computeBytes: number;
  readonly totalBytes: number;
}

interface UsableRow {
  readonly path: string;
  readonly usable: true;
  readonly name: string;
  readonly architecture: string;
  readonly trainedContext: number;
  /** Its layers in words, and what they keep. */
  readonly layers: readonly string[];
  /** How it fills in the middle of a file; null: it cannot. */
  readonly completion: Pick<InfillFormat, 'family' | 'order'> | null;
  /** The format in which it suggests next edits; null: it was not trained to. */
  readonly nextEdit: string | null;
  readonly estimate: Estimate;
  /** The GPU if everything fits it, else the CPU if it fits main memory, else null. */
  readonly fits: 'gpu' | 'cpu' | null;
}

type ModelRow =
  UsableRow | { readonly path: string; readonly usable: false; readonly reason: string };

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const [action] = parsed.positionals;
  if (action === 'pull') return pullModel(parsed, context);
  if (text(parsed, 'hub') !== undefined) throw new UsageError('--hub needs pull.');
  if (action === 'list') return listModels(parsed, context);
  return showModels(parsed, context);
}

async function showModels(
  parsed: ParsedArguments,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const budget = budgetOption(parsed);
  if (budget.unit === 'percent') {
    throw new UsageError(
      '--budget must be tokens or MiB here, because a share needs a repository.',
    );
  }
  const paths = [bundledModelPath(), ...parsed.positionals.map((path) => resolve(path))];
  const verbose = flag(parsed, 'verbose');
  const devices = await withOwnEngine({ terminal, verbose, signal }, (client) =>
    client.request(devicesRequest, {}, signal),
  );
  const models: ModelRow[] = [];
  for (const path of paths) {
    models.push(await describe(path, budget, devices));
    if (signal.aborted) throw cancelled();
  }
  if (flag(parsed, 'json')) {
    terminal.json({ devices, mainMemoryBytes: availableMainMemory(), models });
  } else {
    terminal.out(report(devices, models));
  }
}

async function describe(
  path: string,
  budget: Budget,
  devices: readonly DeviceReport[],
): Promise<ModelRow> {
  const validation = await validateModel(path);
  if (!validation.ok) return { path, usable: false, reason: validation.message };
  const { model } = validation;
  const needs = estimate(model, budget);
  const gpuBytes = devices
    .filter(({ kind }) => kind === 'gpu' || kind === 'integrated-gpu')
    .reduce((sum, device) => sum + device.freeBytes, 0);
  const fits =
    needs.totalBytes <= gpuBytes ? 'gpu' : needs.totalBytes <= availableMainMemory() ? 'cpu' : null;
  const { name, architecture, trainedContext } = model;
  const { infill } = model.code;
  return {
    ...{ path, usable: true, name, architecture, trainedContext, fits },
    layers: layerLines(model, 'f16'),
    completion: infill === null ? null : { family: infill.family, order: infill.order },
    nextEdit: model.nextEdit?.name ?? null,
    estimate: needs,
  };
}

/** Estimates the bytes of weights, keys and values of budget and chunk, and computation. */
function estimate(model: ModelMetadata, budget: Budget): Estimate {
  const { table, trainedContext, fileBytes } = model;
  const shape = { table, kvType: 'f16' } as const;
  const chunk = chunkTokensFor(trainedContext);
  const tokens = Math.max(0, Math.min(budgetTokens(budget, shape, 0), trainedContext - chunk));
  const kv = memoryBytes(shape, tokens, chunk);
  const compute = computeBytes(model, chunk, tokens);
  return {
    budgetTokens: tokens,
    weightBytes: fileBytes,
    kvBytes: kv,
    computeBytes: compute,
    totalBytes: fileBytes + kv + compute,
  };
}

/** Whether and in which format a model fills in the middle of a file. */
function completionLine({ path, completion, nextEdit }: UsableRow): string {
  const edits = nextEdit === null ? '' : `; suggests next edits as ${nextEdit} does`;
  if (completion === null) {
    return `no inline completions: it has no fill-in-the-middle tokens${edits}`;
  }
  const { family, order } = completion;
  const format = family === null ? 'with its own tokens' : `as ${family} does`;
  const sides = order === 'prefix-first' ? 'prefix before suffix' : 'suffix before prefix';
  const small = isBundledModel(path) ? '; too small for inline completions in the editor' : '';
  return `completes ${format}, ${sides}${small}${edits}`;
}

function report(devices: readonly DeviceReport[], models: readonly ModelRow[]): string {
  const lines = ['Devices:'];
  for (const { name, description, kind, freeBytes, totalBytes } of devices) {
    lines.push(
      `  ${visibleName(name)}: ${visibleName(description)} (${kind}), ${byteSize(freeBytes)} of ${byteSize(totalBytes)} free`,
    );
  }
  lines.push(`  main memory: ${byteSize(availableMainMemory())} available`, '', 'Models:');
  for (const model of models) {
    lines.push(`  ${visibleName(model.path)}`);
    if (!model.usable) {
      lines.push(`    ${model.reason}`);
      continue;
    }
    const {
      budgetTokens: tokens,
      weightBytes,
      kvBytes: kv,
      computeBytes: compute,
      totalBytes,
    } = model.estimate;
    lines.push(
      `    ${model.name} (${model.architecture}), trained for ${fullCount(model.trainedContext)} tokens`,
      ...model.layers.map((line) => `    ${line}`),
      `    ${completionLine(model)}`,
      `    weights ${byteSize(weightBytes)} + keys and values ${byteSize(kv)} for ${fullCount(tokens)} tokens and a chunk + computing ${byteSize(compute)} = ${byteSize(totalBytes)}`,
      `    ${model.fits === null ? 'does not fit this machine' : `fits the ${model.fits === 'gpu' ? 'GPU' : 'main memory'}`}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
