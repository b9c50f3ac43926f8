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

/** A file name may hold any character; a header is one line. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

/** Text whose last line has its newline, as every file's text has in the stream. */
export function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** The layout for a model: its own repository tokens where it has both, plain text otherwise. */
export function createLayout(tokenizer: Tokenizer, tokens: RepositoryTokens): RepositoryLayout {
  const plain = (text: string): Int32Array => tokenizer.tokenize(text, { special: false });
  const marked = (mark: number, text: string): Int32Array => {
    const rest = plain(`${oneLine(text)}\n`);
    const ids = new Int32Array(rest.length + 1);
    ids[0] = mark;
    ids.set(rest, 1);
    return ids;
  };
  const hasMarks = tokens.fimRepository >= 0 && tokens.fimFileSeparator >= 0;
  return {
    repositoryHeader: (name) =>
      hasMarks ? marked(tokens.fimRepository, name) : plain(`Repository: ${oneLine(name)}\n`),
    fileHeader: (path) =>
      hasMarks ? marked(tokens.fimFileSeparator, path) : plain(`\nFile: ${oneLine(path)}\n`),
    content: (text) => plain(endLine(text)),
  };
}
