import type { RepositoryTokens, Tokenizer } from './tokenizer.ts';

/**
 * How a repository is written as tokens: a mark, its name and `\n`, then per file a mark, its path,
 * `\n` and its content; as plain text headers where the model has no such mark. Text of the
 * repository, names and paths included, is tokenised with `special: false`.
 */
export interface RepositoryLayout {
  /** Whether a file's header begins with a mark rather than with plain text. */
  readonly marksFiles: boolean;
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

/** The layout for a model: each header with the model's own mark where it has one, as plain text otherwise. */
export function createLayout(tokenizer: Tokenizer, tokens: RepositoryTokens): RepositoryLayout {
  const plain = (text: string): Int32Array => tokenizer.tokenize(text, { special: false });
  const marked = (mark: number, text: string): Int32Array => {
    const rest = plain(`${oneLine(text)}\n`);
    const ids = new Int32Array(rest.length + 1);
    ids[0] = mark;
    ids.set(rest, 1);
    return ids;
  };
  const { fimRepository: repository, fimFileSeparator: file, heading = '\nFile: ' } = tokens;
  return {
    marksFiles: file >= 0,
    repositoryHeader: (name) =>
      repository >= 0 ? marked(repository, name) : plain(`Repository: ${oneLine(name)}\n`),
    fileHeader: (path) => (file >= 0 ? marked(file, path) : plain(`${heading}${oneLine(path)}\n`)),
    content: (text) => plain(endLine(text)),
  };
}
