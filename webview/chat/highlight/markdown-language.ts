/** Markdown as a block of code: headings, marks, code and links, line by line. */

import type { StreamParser } from '@codemirror/streamparser';

interface MarkdownState {
  /** The marks of the fence that is open. */
  fence: string | null;
}

/** The parser of Markdown. */
export const markdown: StreamParser<MarkdownState> = {
  name: 'markdown',
  startState: () => ({ fence: null }),
  token: (stream, state) => {
    if (stream.sol()) {
      const marks = /^ {0,3}(?<marks>`{3,}|~{3,})/u.exec(stream.string)?.groups?.['marks'];
      if (marks !== undefined) {
        if (state.fence === null) state.fence = marks;
        else if (marks.startsWith(state.fence)) state.fence = null;
        stream.skipToEnd();
        return 'meta';
      }
      if (state.fence === null) {
        if (stream.match(/^#{1,6} .*/u) !== null) return 'keyword';
        if (stream.match(/^\s*(?:[-+*]|\d{1,9}[.)]|>)(?=\s)/u) !== null) return 'keyword';
      }
    }
    if (state.fence !== null) {
      stream.skipToEnd();
      return null;
    }
    if (stream.match(/^`[^`]*`/u) !== null) return 'string';
    if (stream.match(/^\*\*[^*]+\*\*/u) !== null) return 'atom';
    if (stream.match(/^!?\[[^[\]]*\]\([^()\s]*\)/u) !== null) return 'link';
    stream.next();
    stream.eatWhile(/[^`*![]/u);
    return null;
  },
};
