import type { RepositoryTokens, Tokenizer } from './tokenizer.ts';

/**
 * How a repository is written as tokens. With FIM repository tokens: `<repo_name>` name `\n`, then
 * per file `<file_sep>` path `\n` content. Without them the same as plain text headers. Text of the
 * repository, names and paths included, is tokenised with `special: false`.
 */
export interface RepositoryLayout {
  /** The tokens that open the repository. */
  repositoryHeader(name: string): Int32Array;
  /** The tokens that open a file, or a part of one that is read again. */
  fileHeader(path: string): Int32Array;
  /** The tokens of a file's text; a missing newline at its end is added. */
  content(text: string): Int32Array;
}

export function createLayout(tokenizer: Tokenizer, tokens: RepositoryTokens): RepositoryLayout {
  throw new Error(`Not written yet: ${typeof tokenizer} ${String(tokens.fimRepository)}`);
}
