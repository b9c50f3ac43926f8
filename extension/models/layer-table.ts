/** What each layer of a model that holds keys and values is: asked here wherever bytes or heads are counted. */

export interface AttentionLayer {
  readonly kvHeads: number;
  /** Values of one key of one KV head. */
  readonly headSize: number;
  /**
   * Values of one value that stands beside its key, if not as many as of the key; 0: it is a part of the
   * key (MLA).
   */
  readonly valueSize?: number;
  /** Tokens that a token sees, itself among them; null: all. */
  readonly window: number | null;
}

/** The layers that hold keys and values, in their order. */
export type LayerTable = readonly AttentionLayer[];

/** Layers that are alike and attend to all tokens. */
export function alikeLayers(count: number, kvHeads: number, headSize: number): LayerTable {
  return Array.from({ length: count }, () => ({ kvHeads, headSize, window: null }));
}

/** Those that attend to all tokens: a policy chooses what they keep, and the budget is of them. */
export function chosenLayers(table: LayerTable): LayerTable {
  return table.filter(({ window }) => window === null);
}

/** Those that attend through a window, whose rows do not grow with the budget. */
export function windowLayers(
  table: LayerTable,
): readonly (AttentionLayer & { readonly window: number })[] {
  return table.flatMap((layer) =>
    layer.window === null ? [] : [{ ...layer, window: layer.window }],
  );
}

/** The layer and KV head of each pair of which a policy chooses rows, layer by layer. */
export function chosenHeads(
  table: LayerTable,
): readonly { readonly layer: number; readonly head: number }[] {
  return chosenLayers(table).flatMap(({ kvHeads }, layer) =>
    Array.from({ length: kvHeads }, (_, head) => ({ layer, head })),
  );
}
