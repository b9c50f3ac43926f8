/** Kept memories as rows of a list. */

import { visibleName } from '../../protocol/plain-text.ts';
import type { KeptMemory } from '../../protocol/requests/kept.ts';
import { byteSize, counted } from '../../report/format.ts';

/** One row, and the memory behind it. */
export interface KeptItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly memory: KeptMemory;
}

/** Rows in the order of the memories. Names are of others: no character of them is an icon or unseen. */
export function keptItems(memories: readonly KeptMemory[]): KeptItem[] {
  return memories.map((memory) => {
    const { roots, model, tokens, bytes, savedAt } = memory;
    const date = new Date(savedAt).toLocaleString('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    return {
      label: model === null ? 'Damaged' : roots.map((root) => safe(lastPart(root))).join(', '),
      description: `${byteSize(bytes)}, ${date}`,
      detail:
        model === null
          ? 'It cannot be used.'
          : `${roots.map(safe).join(', ')}: ${counted(tokens, 'token')}, read with ${safe(model)}`,
      memory,
    };
  });
}

function safe(text: string): string {
  return visibleName(text).replaceAll('$(', '$ (');
}

function lastPart(path: string): string {
  return path.split(/[\\/]/u).findLast((part) => part !== '') ?? path;
}
