import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AskResult } from './ask.ts';
import { ask } from './ask.ts';
import type { GeneratedRepository, Question } from './generator/repository.ts';
import { writeRepository } from '../tools/write-repository.ts';

/** The outcome of a question; an empty answer is not a wrong one. */
type Outcome = 'right' | 'wrong' | 'not-found';

export interface QuestionResult {
  readonly question: Question;
  readonly answer: string;
  readonly outcome: Outcome;
  /** Whether a recalled span contains the lines of the answer. */
  readonly recalledIt: boolean;
  /** Whether a citation names the line of the name or of the value. */
  readonly citedIt: boolean;
}

export interface RepositoryResult {
  readonly questions: readonly QuestionResult[];
  readonly tokens: number;
  readonly budgetBytes: number;
  readonly chunkBytes: number;
  readonly peakKvBytes: number;
  readonly keptShare: number;
  readonly ingestMs: number;
}

export interface Way {
  readonly budget: string;
  readonly policy: string;
  readonly recall: string;
  readonly more: readonly string[];
}

/** Reads the repository once within the budget and asks all questions of that memory. */
export async function measureRepository(
  repository: GeneratedRepository,
  way: Way,
): Promise<RepositoryResult> {
  return inTemporaryFolder(repository, async (folder) => {
    const texts = repository.questions.map(({ question }) => question);
    const result = await ask({ repository: folder, questions: texts, ...way });
    return {
      questions: judge(repository.questions, result),
      tokens: result.repository.tokens,
      budgetBytes: result.budget.bytes,
      chunkBytes: result.memory.workingBytes,
      peakKvBytes: result.memory.peakKvBytes,
      keptShare: result.memory.keptShare,
      ingestMs: result.timings.ingestMs,
    };
  });
}

/**
 * The model's answers if the file with the answer is its whole context: a folder with only that
 * file, nothing evicted, nothing recalled. In the order of the repository's questions.
 */
export async function measureBaseline(
  repository: GeneratedRepository,
  more: readonly string[],
): Promise<QuestionResult[]> {
  const way = { budget: '100%', policy: 'full', recall: 'off', more };
  const results = new Map<Question, QuestionResult>();
  for (const [path, text] of repository.files) {
    const questions = repository.questions.filter((question) => question.path === path);
    if (questions.length === 0) continue;
    const files = new Map([[path, text]]);
    const { questions: judged } = await measureRepository({ ...repository, files, questions }, way);
    for (const result of judged) results.set(result.question, result);
  }
  return repository.questions.map((question) => {
    const result = results.get(question);
    if (result === undefined) throw new Error(`${question.path} is not in the repository.`);
    return result;
  });
}

function judge(questions: readonly Question[], result: AskResult): QuestionResult[] {
  return questions.map((question, index) => {
    const answer = result.answers[index];
    if (answer === undefined) throw new Error(`No answer to: ${question.question}`);
    const text = answer.answer.trim();
    return {
      question,
      answer: text,
      outcome: text === question.answer ? 'right' : text === '' ? 'not-found' : 'wrong',
      recalledIt: answer.recalled.some(
        (span) =>
          span.path === question.path &&
          span.fromLine <= question.line &&
          span.toLine >= question.endLine,
      ),
      citedIt: answer.citations.some(
        ({ path, line }) =>
          path === question.path && line >= question.line && line <= question.endLine,
      ),
    };
  });
}

async function inTemporaryFolder<T>(
  repository: GeneratedRepository,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'loci-recall-'));
  try {
    // The model sees the folder's name.
    const folder = join(parent, repository.name);
    await writeRepository(repository, folder);
    return await use(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
