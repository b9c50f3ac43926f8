/** What a loaded model says of itself. */
export interface NativeModelInfo {
  readonly architecture: string;
  readonly name: string;
  /** Layers that attend to all tokens: those that a policy chooses rows of. */
  readonly layers: number;
  /** KV heads of each of them. */
  readonly layerHeads: Int32Array;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly embedding: number;
  /** Tokens of the context the model was trained for. */
  readonly trainedContext: number;
  readonly vocabulary: number;
  readonly sizeBytes: number;
  readonly parameters: number;
  /** -1 where the vocabulary has no such token. */
  readonly tokens: {
    readonly bos: number;
    readonly eos: number;
    readonly fimPrefix: number;
    readonly fimSuffix: number;
    readonly fimMiddle: number;
    readonly fimRepository: number;
    readonly fimFileSeparator: number;
  };
  readonly addBos: boolean;
  readonly chatTemplate: string | null;
}
