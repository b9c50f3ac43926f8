/** Finds the files of the answer's sources in its text. */

export interface Reference {
  readonly path: string;
  readonly fromLine: number | null;
  readonly toLine: number | null;
}

export type Segment = string | (Reference & { readonly text: string });

/**
 * Splits text at mentions of these paths, alone or with `:line` or `:from-to`. Only known paths
 * become references: an answer cannot make up a link.
 */
export function findReferences(text: string, paths: Iterable<string>): Segment[] {
  const alternatives = [...paths].sort((a, b) => b.length - a.length).map(escapePattern);
  if (alternatives.length === 0) return text === '' ? [] : [text];
  const pattern = new RegExp(
    `(?<![\\w./-])(${alternatives.join('|')})(?::(\\d{1,7})(?:-(\\d{1,7}))?)?(?![\\w/-])`,
    'gu',
  );
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) segments.push(text.slice(end, match.index));
    const fromLine = toLine(match[2]);
    segments.push({
      text: match[0],
      path: match[1] ?? '',
      fromLine,
      toLine: toLine(match[3]) ?? fromLine,
    });
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push(text.slice(end));
  return segments;
}

function toLine(digits: string | undefined): number | null {
  const line = Number(digits ?? 0);
  return line > 0 ? line : null;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/gu, '\\$&');
}
