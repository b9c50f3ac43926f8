/** A memory that was kept, in use without being read. */

import { isBundledModel } from '../../models/bundled.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { EngineError } from '../core/errors.ts';
import { needsCount } from '../memory/budget.ts';
import type { Repository } from '../memory/repository.ts';
import { modelIdentity } from '../model/model-identity.ts';
import { cancellable } from '../native/cancellation.ts';
import type { LoadedAddon } from '../native/addon.ts';
import type { Loading } from '../reading/load-memory.ts';
import { describeOpening } from '../reading/opening.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { readContainer } from './container.ts';
import { compareFiles } from './compare-files.ts';
import { differenceOf, fingerprintOf } from './fingerprint.ts';
import { keyOf } from './kept-folder.ts';
import type { Generation, KeptFolder } from './kept-folder.ts';
import { filesOf, linesOf, manifestOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { valuesIn } from './save-memory.ts';
import { Unusable } from './unusable.ts';

/** The most bytes of a manifest, a table of files, and lines. */
export const partLimits = [16 * 2 ** 20, 512 * 2 ** 20, 2 ** 32 - 1] as const;

export interface Restoring extends Loading {
  readonly engine: LoadedAddon;
  readonly folder: KeptFolder;
}

/** What came of it: the figures, or why nothing was restored; null where nothing is kept. */
export interface Restored {
  readonly result: OpenResult | null;
  /** Whether it is as it was kept: not where the budget is a smaller one now. */
  readonly asKept: boolean;
  readonly refusal: Unusable | null;
}

/**
 * Takes the newest generation that verifies and matches in place of what is held. Where none does, what
 * is held stays, unless room was needed to find that out.
 * @throws EngineError `cancelled`, and what stands in the way of a reading just as well
 */
export async function restoreMemory(restoring: Restoring): Promise<Restored> {
  const { plan, folder } = restoring;
  let refusal: Unusable | null = null;
  for (const generation of await folder.generations(keyOf(plan.roots))) {
    try {
      return { ...(await restoreGeneration(restoring, generation)), refusal };
    } catch (error) {
      const reason = unusable(error);
      if (reason === null) throw error;
      refusal ??= reason;
    }
  }
  return { result: null, asKept: false, refusal };
}

async function restoreGeneration(
  restoring: Restoring,
  generation: Generation,
): Promise<Omit<Restored, 'refusal'>> {
  const { folder, turn, plan, held, refiner } = restoring;
  const parts = await readContainer(folder.pathOf(generation), partLimits, turn.signal);
  const [manifestPart, filesPart, linesPart] = parts;
  if (manifestPart === undefined || filesPart === undefined || linesPart === undefined) {
    throw new Unusable('damaged');
  }
  const manifest = manifestOf(manifestPart);
  if (manifest.generation !== generation.number) throw new Unusable('damaged');
  await compare(restoring, manifest);
  await compareValues(folder.valuesOf(generation), manifest);
  const files = filesOf(filesPart, manifest.streamTokens);
  const lines = linesOf(linesPart, files, manifest.streamTokens);
  const { policy, expectedTokens, streamLimit, budgetTokens } = manifest;
  const { budget, policy: name, kvType } = plan.parameters;
  const counts = needsCount(budget, name, kvType);
  const { repository, basis } = await prepareReading({
    ...restoring,
    before: {
      policy,
      expectedTokens: counts ? (expectedTokens ?? manifest.streamTokens) : expectedTokens,
      streamLimit,
      budgetTokens,
    },
    signal: turn.signal,
    heldBytes: () => held.bytes + refiner.bytes,
  });
  try {
    if (repository.budgetTokens !== budgetTokens) throw new Unusable('budget');
    await load(repository, folder.valuesOf(generation), turn.signal);
    if (repository.memory.report().streamTokens !== manifest.streamTokens) {
      throw new Unusable('damaged');
    }
    repository.index.restore(files, lines, manifest.named);
    repository.advance(manifest.streamTokens, true);
    repository.pins.restored(manifest.pinned);
    const asKept = basis.budgetTokens === budgetTokens;
    if (!asKept) await repository.resize(basis.budgetTokens, turn.signal);
    await repository.pins.settle();
    const compared = await compareFiles(repository, turn);
    const changed = [...new Set([...compared, ...repository.pins.lost])];
    refiner.drop();
    const bundled = isBundledModel(plan.metadata.path);
    held.hold(repository, bundled);
    const reading = { complete: true, milliseconds: manifest.readingMs };
    const { refined, suggestions } = manifest;
    const outcome = { policy, refined, repository, reading, restored: true, changed };
    held.finish({ basis, outcome, suggestions });
    return { result: describeOpening(basis, outcome, suggestions), asKept };
  } catch (error) {
    repository.dispose();
    throw error;
  }
}

/** @throws Unusable */
async function compare({ plan, engine, runtime }: Restoring, manifest: Manifest): Promise<void> {
  const started = await runtime.start(plan.parameters.gpu);
  const model = await modelIdentity(plan.metadata);
  const difference = differenceOf(
    manifest.fingerprint,
    await fingerprintOf(plan, engine, started, model),
  );
  if (difference !== null) throw new Unusable(difference);
}

/** @throws Unusable where the keys and values are not those that the manifest is of */
async function compareValues(path: string, { values }: Manifest): Promise<void> {
  const found = await valuesIn(path);
  if (found.bytes !== values.bytes || found.header !== values.header) {
    throw new Unusable('damaged');
  }
}

async function load(repository: Repository, path: string, signal: AbortSignal): Promise<void> {
  const { addon, memory } = repository;
  await cancellable(addon, signal, (cancellation) => memory.load({ path, cancellation }));
}

/** What speaks against a kept memory alone; null for what stands in the way of a reading as well. */
function unusable(error: unknown): Unusable | null {
  if (error instanceof Unusable) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const ofFile = code === 'snapshot-invalid' || code === 'file-failed';
  const ofSystem = typeof code === 'string' && /^E[A-Z0-9]+$/u.test(code);
  if (!(error instanceof EngineError) && (ofFile || ofSystem)) {
    return new Unusable('damaged', { cause: error });
  }
  return null;
}
