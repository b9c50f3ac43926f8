import type { Citation } from '../protocol/engine.ts';
import type { FileText } from './read.ts';
import type { RecalledText } from './recall/recall.ts';

export interface CitationRequest {
  readonly question: string;
  readonly answer: string;
  readonly recalled: readonly Pick<RecalledText, 'path' | 'fromLine' | 'toLine'>[];
  /** Whether the repository has this file. */
  readonly hasFile: (path: string) => boolean;
  /** The file as it is on disk now. */
  readonly readFile: (path: string) => Promise<FileText>;
  readonly signal?: AbortSignal;
}

/**
 * The lines that an answer rests on, each checked against the disk: `path:line` as the answer says
 * it, and lines of the recalled spans that hold the answer's text or the question's identifiers.
 * Best first, at most five.
 */
export async function findCitations(request: CitationRequest): Promise<Citation[]> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${request.question}`);
}
