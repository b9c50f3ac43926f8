/** Describes what a memory was read with, if the settings have changed since. */

import type { Budget } from '../protocol/budget.ts';
import type { OpenParameters } from '../protocol/requests/open.ts';
import { counted } from './format.ts';

/** The settings that determine a memory; the number of threads does not, and what is excluded or pinned is followed; open files decide only what is read first. */
type Told = Omit<
  OpenParameters,
  'threads' | 'exactShare' | 'observedQuestion' | 'keep' | 'exclude' | 'pin' | 'openFiles'
>;

/** Each setting as an item of a list. */
const words: Readonly<Record<keyof Told, (read: Told) => string>> = {
  modelPath: ({ modelPath }) =>
    modelPath === null ? 'the bundled model' : `the model ${nameOf(modelPath)}`,
  gpu: ({ gpu }) => `the device ${gpu}`,
  roots: ({ roots }) =>
    `the ${roots.length === 1 ? 'folder' : 'folders'} ${roots.map(nameOf).join(', ')}`,
  budget: ({ budget }) => `a budget of ${budgetText(budget)}`,
  policy: ({ policy }) => `the policy ${policy}`,
  policyParameters: () => 'other policy parameters',
  kvType: ({ kvType }) => `keys and values as ${kvType}`,
  workingTokens: ({ workingTokens }) =>
    workingTokens === undefined
      ? 'the default working set'
      : `a working set of ${counted(workingTokens, 'token')}`,
  encodings: () => 'other file encodings',
};

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/**
 * Returns for example `This memory was read with the bundled model; use Read Again to apply the new
 * settings.`
 * @returns null if the settings are unchanged
 */
export function describeReadWith(read: OpenParameters, wanted: OpenParameters): string | null {
  const parts = Object.keys(words)
    .filter((key): key is keyof Told => key in words)
    .filter((key) => JSON.stringify(read[key]) !== JSON.stringify(wanted[key]))
    .map((key) => words[key](read));
  if (parts.length === 0) return null;
  return `This memory was read with ${list.format(parts)}; use Read Again to apply the new settings.`;
}

/**
 * Whether reading with other settings discards the memory before it begins: another model replaces
 * its weights, and another device needs another process.
 */
export function givesUpMemory(read: OpenParameters, wanted: OpenParameters): boolean {
  return read.modelPath !== wanted.modelPath || read.gpu !== wanted.gpu;
}

function nameOf(path: string): string {
  return path.split(/[\\/]/u).findLast((part) => part !== '') ?? path;
}

function budgetText({ unit, value }: Budget): string {
  switch (unit) {
    case 'tokens':
      return counted(value, 'token');
    case 'percent':
      return `${String(value)} %`;
    case 'mebibytes':
      return `${String(value)} MiB`;
  }
}
