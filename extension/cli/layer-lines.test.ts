import { expect, it } from 'vitest';
import { alikeLayers } from '../models/layer-table.ts';
import { layerLines } from './layer-lines.ts';

it('states full attention, and nothing that does not grow', () => {
  const layers = { table: alikeLayers(24, 2, 64), graphLayers: 24, stateBytes: 0 };
  expect(layerLines(layers, 'f16')).toEqual([
    '24 layers with full attention',
    '12 KiB of keys and values for each remembered token',
  ]);
});

it('states windows by their lengths, with the bytes that they always take', () => {
  const [one] = alikeLayers(1, 1, 256);
  if (one === undefined) throw new Error('There is no layer.');
  const table = [{ ...one, window: 513 }, { ...one, window: 513 }, { ...one, window: 1_025 }, one];
  expect(layerLines({ table, graphLayers: 4, stateBytes: 0 }, 'f16')).toEqual([
    '1 layer with full attention, 2 with a window of 513 tokens, 1 with a window of 1,025 tokens',
    // 2 layers of 512 rows and one of 1,024, of 1 KiB each.
    '1.0 KiB of keys and values for each remembered token, and 2.0 MiB however many there are',
  ]);
});

it('states layers without attention, and the state that they keep', () => {
  const layers = { table: alikeLayers(1, 1, 64), graphLayers: 4, stateBytes: 3 * 2 ** 20 };
  expect(layerLines(layers, 'q8_0')).toEqual([
    '1 layer with full attention, 3 without attention, most of them recurrent',
    '136 B of keys and values for each remembered token, and 3.0 MiB however many there are',
  ]);
});

it('states compressed keys and values', () => {
  const layer = { kvHeads: 1, headSize: 576, valueSize: 0, window: null };
  const layers = { table: [layer, layer], graphLayers: 2, stateBytes: 0 };
  expect(layerLines(layers, 'f16')).toEqual([
    '2 layers with full attention, of compressed keys and values (MLA)',
    '2.3 KiB of keys and values for each remembered token',
  ]);
});
