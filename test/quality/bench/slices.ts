/**
 * `npm run quality:grid`: the grid, slice by slice. The product of all axes would be about seven
 * thousand readings and take days. Each slice is a product of the axes relevant to one question, on
 * seeds that were not used to choose anything. Any other slice is a command of its own
 * (`options.ts`).
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kvTypes, policyNames } from '../../../extension/protocol/policies.ts';
import { taskNames } from '../generator/items.ts';
import { listOf } from './axes.ts';
import { floors, readOptions } from './options.ts';
import type { OptionTexts, QualityOptions } from './options.ts';

const evicting = policyNames.filter((name) => name !== 'full').join(',');

const recallAlone = { recall: 'off', tasks: 'recall', repositories: '2' } as const;
const short = { ...recallAlone, policy: evicting, length: '1', questions: '24', seed: '8300' };
const long = { ...recallAlone, policy: evicting, length: '8', questions: '48', seed: '8700' };

const slices = {
  /** Every method at every budget. */
  'one-context': { ...short, budget: '50%,25%,10%,5%' },
  /** The setting of most papers: everything is computed, must fit once, and is compressed once. */
  'after-prefill': { ...short, mode: 'after-prefill', length: '0.75', budget: '25%,10%' },
  /** Recall from disk, guided by the memory's attention alone and by both signals. */
  'one-context-recall': { ...short, budget: '10%', recall: 'attention,both' },
  /** Types at equal bytes, including all tokens at q4. */
  storage: {
    ...short,
    policy: 'default,full',
    budget: '100%,28%,10%',
    'kv-type': kvTypes.join(','),
    'budget-bytes-of': 'f16',
  },
  /** Every method on every task. */
  'four-contexts': {
    ...short,
    length: '4',
    budget: '25%,10%,5%',
    tasks: taskNames.join(','),
    seed: '9100',
  },
  /** The main use of Loci: many contexts within a tenth. */
  'eight-contexts': { ...long, budget: '10%,5%' },
  'eight-contexts-recall': {
    ...long,
    policy: ['default', ...floors].join(','),
    budget: '10%,5%',
    recall: 'off,attention,both',
    questions: '24',
  },
  /** A reading takes minutes, so only the methods that were best at eight contexts. */
  'sixteen-contexts': {
    ...long,
    policy: ['default', ...floors, 'kvzip', 'keydiff', 'cake'].join(','),
    length: '16',
    budget: '10%',
  },
} as const satisfies Record<string, Partial<OptionTexts>>;

type SliceName = keyof typeof slices;
const sliceNames = Object.keys(slices) as SliceName[];

const published = fileURLToPath(new URL('../../../docs/quality', import.meta.url));

/**
 * Parses the command line of a grid. `--slice` selects slices, `--output` sets the folder (each
 * slice has its own by default), `--model` and `--gpu` are as for one measurement. A measurement
 * resumes from the results in its folder.
 * @throws Error in one sentence
 */
export function readGrid(args: readonly string[]): QualityOptions[] {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { slice: text, output: text, model: text, gpu: text },
  });
  const { model, gpu } = values;
  const output = values.output === undefined ? published : resolve(values.output);
  return listOf('slice', values.slice ?? sliceNames.join(','), sliceNames).map((name) => {
    const folder = join(output, name);
    const json = join(folder, 'results.json');
    const words = {
      ...{ json, markdown: join(folder, 'tables.md'), svg: folder, model, gpu },
      resume: existsSync(json) ? json : undefined,
    };
    const own = Object.entries(words).flatMap(([option, value]) =>
      value === undefined ? [] : [`--${option}`, value],
    );
    return readOptions(own, slices[name]);
  });
}
