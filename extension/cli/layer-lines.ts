/** The layers of a model in words: how many of each kind there are, and what they keep. */

import { kvBytes, memoryBytes } from '../models/estimate.ts';
import type { LayerTable } from '../models/layer-table.ts';
import { chosenLayers, windowLayers } from '../models/layer-table.ts';
import type { KvType } from '../protocol/policies.ts';
import { byteSize, counted, fullCount } from '../report/format.ts';

/** What the layers of a model are. */
export interface Layers {
  readonly table: LayerTable;
  /** All layers, including those without keys and values. */
  readonly graphLayers: number;
  /** Bytes of one state of the recurrent layers; 0 if there are none. */
  readonly stateBytes: number;
}

/** Returns the layers by kind, and the bytes of a remembered token and of what does not grow. */
export function layerLines({ table, graphLayers, stateBytes }: Layers, kvType: KvType): string[] {
  const chosen = chosenLayers(table);
  const compressed = chosen.some(({ valueSize }) => valueSize === 0);
  const what = compressed ? ', of compressed keys and values (MLA)' : '';
  const kinds = [`${counted(chosen.length, 'layer')} with full attention${what}`];
  const windows = windowLayers(table).map(({ window }) => window);
  for (const window of new Set(windows)) {
    const layers = windows.filter((other) => other === window).length;
    kinds.push(`${fullCount(layers)} with a window of ${counted(window, 'token')}`);
  }
  const others = graphLayers - table.length;
  if (others > 0) {
    kinds.push(
      `${fullCount(others)} without attention${stateBytes > 0 ? ', most of them recurrent' : ''}`,
    );
  }
  const shape = { table, kvType };
  const fixed = memoryBytes(shape, 0, 0) + stateBytes;
  const always = fixed > 0 ? `, and ${byteSize(fixed)} however many there are` : '';
  return [
    kinds.join(', '),
    `${byteSize(kvBytes(shape, 1))} of keys and values for each remembered token${always}`,
  ];
}
