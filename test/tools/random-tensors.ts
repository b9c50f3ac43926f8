/** The tensors of a model with random weights. */
import type { ExtraTensor, Family } from './families.ts';
import type { GgufTensor } from './gguf-writer.ts';
import type { ModelShape } from './random-gguf.ts';
import { withoutRows } from './random-parts.ts';
import type { RandomWeights } from './random-weights.ts';

/**
 * Makes tensors whose scales keep activations finite, attention neither flat nor one-hot, and
 * logits spread out.
 * @param silent tokens whose logit is always 0
 */
export function modelTensors(
  model: ModelShape,
  family: Family,
  random: RandomWeights,
  silent: readonly number[],
): GgufTensor[] {
  const { width, vocabulary } = model;
  const matrix = (name: string, input: number, output: number, deviation: number): GgufTensor => ({
    name: `${name}.weight`,
    shape: [input, output],
    type: 'f16',
    data: () => random.f16(input * output, deviation),
  });
  const numbers = (
    name: string,
    sizes: readonly number[],
    mean: number,
    deviation: number,
  ): GgufTensor => ({
    name,
    shape: sizes,
    type: 'f32',
    data: () =>
      random.f32(
        sizes.reduce((product, size) => product * size, 1),
        mean,
        deviation,
      ),
  });
  const linear = (name: string, input: number, output: number): GgufTensor =>
    matrix(name, input, output, 1.5 / Math.sqrt(input));
  /** One matrix, or one for each expert. */
  const experts = (name: string, [input = 0, ...others]: readonly number[]): GgufTensor => {
    const outputs = others.reduce((product, size) => product * size, 1);
    return { ...linear(name, input, outputs), shape: [input, ...others] };
  };
  const extra = (prefix: string, tensor: ExtraTensor): GgufTensor => {
    const name = prefix + tensor.name;
    switch (tensor.kind) {
      case 'numbers':
        return numbers(name, tensor.shape, tensor.mean, tensor.mean === 0 ? 0.3 : 0.15);
      case 'matrix':
        return experts(name, tensor.shape);
      case 'exact':
        return {
          name,
          shape: [tensor.values.length],
          type: 'f32',
          data: () => [new Uint8Array(Float32Array.from(tensor.values).buffer)],
        };
    }
  };
  const layer = (index: number): GgufTensor[] => {
    const shape = family.layer?.(model, index) ?? model;
    const { headSize, feedForward } = shape;
    const queries = shape.heads * headSize;
    const keys = shape.kvHeads * headSize;
    const prefix = `blk.${String(index)}.`;
    const without = family.without?.(index) ?? [];
    const has = ({ name }: GgufTensor): boolean => !without.some((left) => name === prefix + left);
    return [
      ...[
        numbers(`${prefix}attn_norm.weight`, [width], 1, 0.1),
        linear(`${prefix}attn_q`, width, queries),
        linear(`${prefix}attn_k`, width, keys),
        linear(`${prefix}attn_v`, width, keys),
      ].filter(has),
      ...(family.tensors?.(shape, index) ?? []).map((tensor) => extra(prefix, tensor)),
      ...[
        linear(`${prefix}attn_output`, queries, width),
        numbers(`${prefix}ffn_norm.weight`, [width], 1, 0.1),
        linear(`${prefix}ffn_gate`, width, feedForward),
        linear(`${prefix}ffn_up`, width, feedForward),
        linear(`${prefix}ffn_down`, feedForward, width),
      ].filter(has),
    ];
  };
  const heard = (tensor: GgufTensor, deviation: number): GgufTensor => ({
    ...tensor,
    data: () => withoutRows(random.f16(width * vocabulary, deviation), width, silent),
  });
  const deviation = 1.5 / Math.sqrt(width);
  const embeddings = matrix('token_embd', width, vocabulary, 1);
  return [
    family.tied === true ? heard(embeddings, deviation) : embeddings,
    ...(family.model?.(model) ?? []).map((tensor) => extra('', tensor)),
    ...Array.from({ length: model.layers }, (_, index) => layer(index)).flat(),
    numbers(family.outputNorm ?? 'output_norm.weight', [width], 1, 0.1),
    ...(family.tied === true ? [] : [heard(matrix('output', width, vocabulary, 1), deviation)]),
  ];
}
