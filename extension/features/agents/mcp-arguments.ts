/** The command line of `loci mcp` for what the editor's settings say. */

import path from 'node:path';
import type { Budget } from '../../protocol/budget.ts';
import type { RecallMode } from '../../protocol/requests/ask.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';

/** What follows `loci`: reads at the first call, and takes the memory that the editor kept. */
export function mcpArguments(parameters: OpenParameters, recall: RecallMode): string[] {
  const { roots, modelPath, budget, policy, kvType, gpu, threads, workingTokens, keep } =
    parameters;
  const options: (readonly [name: string, value: string | undefined])[] = [
    ...roots.map((root) => ['repo', root] as const),
    ['model', modelPath ?? undefined],
    ['budget', budgetOption(budget)],
    ['policy', policy],
    ['kv-type', kvType],
    ['gpu', gpu],
    ['threads', threads?.toString()],
    ['working-tokens', workingTokens?.toString()],
    ['recall', recall],
    ['keep', keep !== undefined && isOutside(keep.folder, roots) ? keep.folder : undefined],
  ];
  return [
    'mcp',
    '--on-demand',
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
  ];
}

/** The command keeps nothing within what it reads. */
function isOutside(folder: string, roots: readonly string[]): boolean {
  return roots.every((root) => {
    const relative = path.relative(root, folder);
    return relative.split(path.sep)[0] === '..' || path.isAbsolute(relative);
  });
}

function budgetOption({ unit, value }: Budget): string {
  switch (unit) {
    case 'tokens':
      return String(value);
    case 'percent':
      return `${String(value)}%`;
    case 'mebibytes':
      return `${String(value)}MiB`;
  }
}
