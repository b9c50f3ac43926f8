/** What the engine needs to know of a model before loading it. */
export interface ModelMetadata {
  /** The file, or the first of a split model's files. */
  readonly path: string;
  readonly files: readonly string[];
  readonly fileBytes: number;
  readonly architecture: string;
  readonly name: string;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly embedding: number;
  readonly trainedContext: number;
  readonly vocabulary: number;
  readonly chatTemplate: string | null;
}

export type ModelRefusalCode =
  | 'model-not-found'
  | 'model-unreadable'
  | 'model-invalid'
  | 'model-unsupported';

export type ModelValidation =
  | { readonly ok: true; readonly model: ModelMetadata }
  /** The message is one sentence for the user. */
  | { readonly ok: false; readonly code: ModelRefusalCode; readonly message: string };

/**
 * Decides from the header alone whether a GGUF file is sound and of a kind that the engine can run.
 * Reads no weights, allocates little, and never rejects.
 */
export async function validateModel(path: string): Promise<ModelValidation> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${path}`);
}
