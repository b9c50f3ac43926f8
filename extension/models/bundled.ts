/** The path of the model that the extension ships, both from source and from a bundle in dist. */
export function bundledModelPath(): string {
  throw new Error('Not written yet');
}
