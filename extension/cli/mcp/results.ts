/** What the tools return: text for a reader and the same as data. Characters that cannot be seen are written out in both. */

import { z } from 'zod';
import type { Answer } from '../../protocol/answer.ts';
import { visibleName, visibleText } from '../../protocol/plain-text.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import { counted, describeUnknownName, percent, rememberedText } from '../../report/format.ts';
import { shownPassagesText, visiblePassages, withNotices } from '../../report/passages.ts';

/** More files than this are counted, not listed. */
const mostFiles = 500;

const place = z.object({ path: z.string(), line: z.number() });
const lines = z.object({ path: z.string(), fromLine: z.number(), toLine: z.number() });
const passage = lines.extend({ line: z.number(), text: z.string() });
const notices = z.array(z.string());

export const answerOutput = z.object({
  /** `passages`: the model wrote nothing; `answer` is one sentence about the passages. */
  kind: z.enum(['text', 'passages']),
  answer: z.string(),
  citations: z.array(place),
  passages: z.array(passage),
  /** Lines that were read again from disk for the answer. */
  lookedUp: z.array(lines),
  notices,
});

export const passagesOutput = z.object({
  summary: z.string(),
  passages: z.array(passage),
  notices,
});

export const memoryOutput = z.object({
  model: z.string(),
  totalFiles: z.number(),
  totalTokens: z.number(),
  heldTokens: z.number(),
  /** `remembered`: the share of the file's keys and values that is held, in [0, 1]. */
  files: z.array(z.object({ path: z.string(), tokens: z.number(), remembered: z.number() })),
  omittedFiles: z.number(),
});

/** A result of a tool. */
export interface ToolResult<T = Record<string, unknown>> {
  readonly text: string;
  readonly data: T;
}

/** An answer with what it rests on. */
export function answerResult(answer: Answer): ToolResult<z.infer<typeof answerOutput>> {
  const { kind, stopReason } = answer;
  const repeated = 'The answer began to repeat itself and was stopped.';
  const { summary, passages } = visiblePassages(answer);
  const data = {
    kind,
    answer: summary,
    citations: answer.citations.map(({ path, line }) => ({ path: visibleName(path), line })),
    passages,
    lookedUp: answer.recalled.map(({ path, fromLine, toLine }) => ({
      path: visibleName(path),
      fromLine,
      toLine,
    })),
    notices: [
      ...answer.unknownNames.map(describeUnknownName),
      ...(stopReason === 'repetition' ? [repeated] : []),
      ...answer.notices,
    ].map(visibleText),
  };
  if (kind === 'passages') {
    return { text: shownPassagesText({ summary, passages, notices: data.notices }), data };
  }
  const sources = [
    ...data.citations.map(({ path, line }) => `Source: ${path}:${String(line)}\n`),
    ...data.lookedUp.map(
      ({ path, fromLine, toLine }) => `Looked up: ${path}:${String(fromLine)}-${String(toLine)}\n`,
    ),
  ];
  const text = [`${data.answer}\n`, ...(sources.length > 0 ? ['\n', ...sources] : [])].join('');
  return { text: withNotices(text, data.notices), data };
}

/** Passages alone. */
export function passagesResult(answer: Answer): ToolResult<z.infer<typeof passagesOutput>> {
  const shown = visiblePassages(answer);
  return { text: shownPassagesText(shown), data: { ...shown } };
}

/**
 * The files of a memory, in the order in which they were read.
 * @param folder only the files in this folder; '' for all
 */
export function memoryResult(
  opened: OpenResult,
  folder: string,
): ToolResult<z.infer<typeof memoryOutput>> {
  const inside = `${folder.replaceAll('\\', '/').replace(/\/+$/u, '')}/`;
  const found = opened.files.filter(({ path }) => inside === '/' || path.startsWith(inside));
  const { heldTokens } = opened.memory;
  const { totalTokens } = opened.repository;
  const data = {
    model: visibleName(opened.model.name),
    totalFiles: found.length,
    totalTokens,
    heldTokens,
    files: found.slice(0, mostFiles).map(({ path, tokens, kept }) => ({
      path: visibleName(path),
      tokens,
      remembered: kept,
    })),
    omittedFiles: Math.max(0, found.length - mostFiles),
  };
  const rows = data.files.map(
    ({ path, tokens, remembered }) =>
      `${path}  ${counted(tokens, 'token')}, ${percent(remembered)} remembered\n`,
  );
  const left =
    data.omittedFiles > 0
      ? `${counted(data.omittedFiles, 'more file')} not listed: name a folder.\n`
      : '';
  const head = `${data.model} read ${counted(opened.files.length, 'file')}. ${rememberedText({ heldTokens, totalTokens })}.\n`;
  return { text: [head, '\n', ...rows, left].join(''), data };
}
