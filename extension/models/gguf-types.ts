/** A tensor type's storage: the number of values in a block, and the block's bytes. */
export interface TensorType {
  readonly name: string;
  readonly blockValues: number;
  readonly blockBytes: number;
}

function plain(name: string, bytes: number): TensorType {
  return { name, blockValues: 1, blockBytes: bytes };
}

function blocks(name: string, blockValues: number, blockBytes: number): TensorType {
  return { name, blockValues, blockBytes };
}

/** ggml's tensor types by their number in the file; missing numbers are invalid. */
export const tensorTypes: ReadonlyMap<number, TensorType> = new Map([
  [0, plain('F32', 4)],
  [1, plain('F16', 2)],
  [2, blocks('Q4_0', 32, 18)],
  [3, blocks('Q4_1', 32, 20)],
  [6, blocks('Q5_0', 32, 22)],
  [7, blocks('Q5_1', 32, 24)],
  [8, blocks('Q8_0', 32, 34)],
  [10, blocks('Q2_K', 256, 84)],
  [11, blocks('Q3_K', 256, 110)],
  [12, blocks('Q4_K', 256, 144)],
  [13, blocks('Q5_K', 256, 176)],
  [14, blocks('Q6_K', 256, 210)],
  [16, blocks('IQ2_XXS', 256, 66)],
  [17, blocks('IQ2_XS', 256, 74)],
  [18, blocks('IQ3_XXS', 256, 98)],
  [19, blocks('IQ1_S', 256, 50)],
  [20, blocks('IQ4_NL', 32, 18)],
  [21, blocks('IQ3_S', 256, 110)],
  [22, blocks('IQ2_S', 256, 82)],
  [23, blocks('IQ4_XS', 256, 136)],
  [24, plain('I8', 1)],
  [25, plain('I16', 2)],
  [26, plain('I32', 4)],
  [27, plain('I64', 8)],
  [28, plain('F64', 8)],
  [29, blocks('IQ1_M', 256, 56)],
  [30, plain('BF16', 2)],
  [34, blocks('TQ1_0', 256, 54)],
  [35, blocks('TQ2_0', 256, 66)],
  [39, blocks('MXFP4', 32, 17)],
  [40, blocks('NVFP4', 64, 36)],
  [41, blocks('Q1_0', 128, 18)],
  [42, blocks('Q2_0', 64, 18)],
]);

/** The types of metadata values. */
export const valueType = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

/** The size in bytes of metadata values by type, except strings and arrays. */
export const valueBytes: ReadonlyMap<number, number> = new Map([
  [valueType.uint8, 1],
  [valueType.int8, 1],
  [valueType.uint16, 2],
  [valueType.int16, 2],
  [valueType.uint32, 4],
  [valueType.int32, 4],
  [valueType.float32, 4],
  [valueType.bool, 1],
  [valueType.uint64, 8],
  [valueType.int64, 8],
  [valueType.float64, 8],
]);
