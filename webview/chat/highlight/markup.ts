/** HTML and components: tags, with the languages of their scripts and styles. */

import { css } from '@codemirror/legacy-modes/mode/css';
import { typescript } from '@codemirror/legacy-modes/mode/javascript';
import { html } from '@codemirror/legacy-modes/mode/xml';
import type { StreamParser, StringStream } from '@codemirror/streamparser';
import { copyOf } from './copy-state.ts';

interface MarkupState {
  outer: unknown;
  /** The tag whose content has a language of its own, once it has begun. */
  tag: 'script' | 'style' | null;
  /** The state of that language; null: the tag itself is not closed yet. */
  inner: { readonly state: unknown } | null;
}

const unit = 2;
const inside = { script: typescript, style: css };
const closing = { script: /<\/script/iu, style: /<\/style/iu };

/** The parser of HTML, Vue and Svelte. */
export const markup: StreamParser<MarkupState> = {
  name: 'markup',
  startState: () => ({ outer: html.startState?.(unit), tag: null, inner: null }),
  copyState: ({ outer, tag, inner }) => ({
    outer: copyOf(html, outer),
    tag,
    inner: tag === null || inner === null ? null : { state: copyOf(inside[tag], inner.state) },
  }),
  token: (stream, state) => {
    if (state.tag !== null && state.inner !== null) return innerToken(stream, state);
    const opened = stream.match(/^<(?:script|style)\b/iu, false);
    if (Array.isArray(opened)) state.tag = /script/iu.test(opened[0]) ? 'script' : 'style';
    const style = html.token(stream, state.outer);
    const end = stream.string.charAt(stream.pos - 1) === '>';
    if (state.tag !== null && style === 'angleBracket' && end) {
      const empty = stream.current() === '/>';
      if (empty) state.tag = null;
      else state.inner = { state: inside[state.tag].startState?.(unit) };
    }
    return style;
  },
  blankLine: ({ tag, inner }) => {
    if (tag !== null && inner !== null) inside[tag].blankLine?.(inner.state, unit);
  },
};

/** Reads a token of a script or a style, which never goes beyond the tag that closes it. */
function innerToken(stream: StringStream, state: MarkupState): string | null {
  const { tag, inner } = state;
  if (tag === null || inner === null) return null;
  const line = stream.string;
  const end = line.slice(stream.pos).search(closing[tag]);
  if (end === 0) {
    state.tag = null;
    state.inner = null;
    return html.token(stream, state.outer);
  }
  if (end > 0) stream.string = line.slice(0, stream.pos + end);
  try {
    return inside[tag].token(stream, inner.state);
  } finally {
    stream.string = line;
  }
}
