/** What a report of a fault needs: versions, model, settings, devices, state. No code, no question, no folder. */

import type { SessionState } from '../../engine-client/session-state.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { DeviceReport } from '../../protocol/requests/devices.ts';
import type { ModelInspection } from '../../protocol/requests/inspect-model.ts';
import { byteSize, counted, fullCount } from '../../report/format.ts';

/** What is known now; what could not be found out is null. */
export interface Diagnosed {
  readonly versions: Readonly<Record<string, string>>;
  readonly model: ModelInspection | null;
  /** As they are set, by their keys. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly devices: readonly DeviceReport[] | null;
  readonly state: SessionState;
  readonly enginePid: number | null;
  /** The newest last. */
  readonly failures: readonly Failure[];
}

/** Something that failed. */
export interface Failure {
  readonly at: Date;
  readonly code: string;
}

/** Lines of text, in Markdown. */
export function diagnosticsText(known: Diagnosed): string {
  const { versions, settings, failures, enginePid } = known;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Versions', Object.entries(versions).map(([name, version]) => `${name}: ${version}`)],
    ['Model', modelLines(known.model)],
    ['Settings', Object.entries(settings).map(([key, value]) => `${key}: ${settingText(value)}`)],
    ['Devices', deviceLines(known.devices)],
    ['Engine', [enginePid === null ? 'not running' : 'running', ...stateLines(known.state)]],
    ['Errors', failures.map(({ at, code }) => `${at.toISOString()} ${code}`)],
  ];
  return sections
    .map(([title, lines]) => {
      const shown = lines.length === 0 ? ['none'] : lines;
      return `### ${title}\n${shown.map((line) => `- ${plainLine(line, 200)}\n`).join('')}`;
    })
    .join('\n');
}

/** The last part of a path of any system: the folders before it are the user's own. */
export function baseName(path: string): string {
  return path.split(/[\\/]/u).findLast((part) => part !== '') ?? '';
}

/** A path may stand in any text that a user sets. */
function settingText(value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value !== 'string') return JSON.stringify(value);
  return /[\\/]/u.test(value) ? `…/${baseName(value)}` : JSON.stringify(value);
}

function modelLines(inspection: ModelInspection | null): string[] {
  if (inspection === null) return ['could not be looked at'];
  // Its sentence may name folders.
  if (!inspection.ok) return ['is refused'];
  const { model } = inspection;
  return [
    `name: ${model.name}${model.bundled ? ' (bundled)' : ''}`,
    `file: ${baseName(model.path)}, ${byteSize(model.fileBytes)}`,
    `architecture: ${model.architecture}${model.known ? '' : ' (not known)'}`,
    `parameters: ${model.parameters === null ? 'not stated' : fullCount(model.parameters)}`,
    `trained context: ${counted(model.trainedContext, 'token')}`,
    `fill-in-the-middle: ${model.fillsInMiddle ? 'yes' : 'no'}`,
    `fits: ${model.fits ?? 'nowhere'}, ${byteSize(model.freeBytes)} free`,
  ];
}

function deviceLines(devices: readonly DeviceReport[] | null): string[] {
  if (devices === null) return ['could not be listed'];
  return devices.map(
    ({ name, description, kind, freeBytes, totalBytes }) =>
      `${name} (${kind}): ${description}, ${byteSize(freeBytes)} of ${byteSize(totalBytes)} free`,
  );
}

function stateLines(state: SessionState): string[] {
  const lines = [`state: ${state.kind}${state.kind === 'failed' ? ` (${state.code})` : ''}`];
  if (state.kind === 'reading') lines.push(`phase: ${state.progress?.phase ?? 'starting'}`);
  const memory = memoryOf(state);
  if (memory === null) return lines;
  const { repository, timings, gpu, policy, kvType, budget } = memory;
  return [
    ...lines,
    `device: ${gpu}`,
    `policy: ${policy}, ${kvType}${memory.refined ? ', refined' : ''}${memory.restored ? ', restored' : ''}`,
    `budget: ${counted(budget.tokens, 'token')}, ${byteSize(budget.bytes)}`,
    `held: ${counted(Math.round(memory.memory.heldTokens), 'token')}, ${byteSize(memory.memory.kvBytes)}`,
    `read: ${counted(repository.files, 'file')}, ${counted(repository.tokens, 'token')}, ${fullCount(timings.ingestTokensPerSecond)} tokens/s${memory.complete ? '' : ', stopped early'}`,
    `skipped: ${counted(memory.skipped.length, 'file')}`,
  ];
}
