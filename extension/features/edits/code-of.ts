/** The code of an answer that was asked for code alone. */

import type { Answer } from '../../protocol/answer.ts';

export type CodeOfAnswer =
  | { readonly ok: true; readonly text: string }
  /** The sentence says what to do. */
  | { readonly ok: false; readonly message: string };

/** Returns the first block of code, or all of an answer without one. */
export function codeOf({
  kind,
  answer,
  stopReason,
}: Pick<Answer, 'kind' | 'answer' | 'stopReason'>): CodeOfAnswer {
  if (kind === 'passages') {
    return {
      ok: false,
      message:
        'This model does not write code. Run “Loci: Choose a Model…” and choose one that does.',
    };
  }
  if (stopReason === 'length') {
    return { ok: false, message: 'The code is too long for one answer. Select less code.' };
  }
  const text = firstBlock(answer) ?? answer;
  if (text.trim() === '') {
    return { ok: false, message: 'The model wrote no code. Say it in other words.' };
  }
  return { ok: true, text: text.replace(/^(?:[ \t]*\n)+|\s+$/gu, '') };
}

/** The content of the first fenced block, which may end with the text; null if there is none. */
function firstBlock(text: string): string | null {
  const lines = text.split(/\r?\n/u);
  const opening = lines.findIndex((line) => /^ {0,3}(?:`{3}|~{3})/u.test(line));
  if (opening === -1) return null;
  const mark = /(?:`+|~+)/u.exec(lines[opening] ?? '')?.[0] ?? '';
  const closing = lines.findIndex((line, index) => {
    const content = line.trim();
    const same = content.length >= mark.length && content === mark.charAt(0).repeat(content.length);
    return index > opening && same;
  });
  return lines.slice(opening + 1, closing === -1 ? undefined : closing).join('\n');
}
