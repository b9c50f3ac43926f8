/** Questions about the open repository, and how well its memory answers them. */

import type {
  Probe,
  ProbeSet,
  ProbesParameters,
  QuestionForm,
} from '../../protocol/requests/probes.ts';
import type { ProbeScore, ScoreParameters } from '../../protocol/requests/score.ts';
import { Extraction } from '../../quality/extract.ts';
import { wordedQuestion } from '../../quality/question.ts';
import { sampleProbes } from '../../quality/sample.ts';
import { cancellable } from '../native/cancellation.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeModel } from '../native/contract.ts';
import type { Repository } from '../memory/repository.ts';
import { scoreContinuation } from '../generation/likelihood.ts';
import { concatenate } from '../prompt/tokens.ts';

/** A single token is too easily guessed, and many show no more than a few. */
const fewestTokens = 2;
const mostTokens = 24;

/**
 * Draws questions from the files that were read, in their current state on disk.
 * @throws EngineError `cancelled`
 */
export async function findProbes(
  repository: Repository,
  { questions, seed, form }: ProbesParameters,
  signal: AbortSignal,
): Promise<ProbeSet> {
  const extraction = new Extraction();
  for (const { path } of repository.index.files) {
    const file = await repository.readFile(path, signal);
    if (file.ok) extraction.add(path, file.text);
  }
  const candidates = extraction.candidates(form);
  const longestPrompt = repository.tails.measuring.capacity - mostTokens;
  const probes = sampleProbes(candidates, questions, seed, (probe) => {
    const { prompt, expected } = probeTokens(repository, probe, form, false);
    return (
      expected.length >= fewestTokens &&
      expected.length <= mostTokens &&
      prompt.length <= longestPrompt
    );
  });
  return { probes, candidates: candidates.reduce((sum, file) => sum + file.length, 0) };
}

/**
 * Scores questions one by one. The caller owns the memory.
 * @throws EngineError `invalid-argument` if a probe expects nothing; `cancelled`; what the addon
 *   rejects with.
 */
export async function scoreProbes(
  repository: Repository,
  { probes, form, attendMemory }: ScoreParameters,
  signal: AbortSignal,
): Promise<ProbeScore[]> {
  const { addon, tails } = repository;
  return cancellable(addon, signal, async (cancellation) => {
    const scores: ProbeScore[] = [];
    for (const probe of probes) {
      const { prompt, expected } = probeTokens(repository, probe, form, attendMemory);
      if (expected.length === 0) {
        throw new EngineError('invalid-argument', `Nothing is expected of ${probe.path}.`);
      }
      const options = { attendMemory, cancellation };
      const { negativeLogLikelihood, greedy } = await scoreContinuation(
        tails.measuring,
        prompt,
        expected,
        options,
      );
      // Rounding may make the loss of a certain token slightly negative.
      const nats = Math.max(0, negativeLogLikelihood);
      scores.push({ exact: greedy, negativeLogLikelihood: nats, tokens: expected.length });
    }
    return scores;
  });
}

interface ProbeTokens {
  readonly prompt: Int32Array;
  readonly expected: Int32Array;
}

/** The parts of a repository that tokenising a question needs. */
type Writer = Pick<Repository, 'formats' | 'prefix'> & {
  readonly model: Pick<NativeModel, 'tokenize' | 'tokenBytes'>;
};

/** Tokenises a question. One without the memory opens like the stream. */
function probeTokens(
  repository: Writer,
  probe: Probe,
  form: QuestionForm,
  attendMemory: boolean,
): ProbeTokens {
  const { prompt, expected } =
    form === 'line' ? lineTokens(repository, probe) : wordedTokens(repository, probe);
  return attendMemory
    ? { prompt, expected }
    : { prompt: concatenate(repository.prefix, prompt), expected };
}

/**
 * Uses the layout of the stream: the file's header and the line. The line is tokenised as a whole,
 * as when it was read, and cut where a token begins at or before the expected text; so a space
 * before a value is expected with it.
 */
function lineTokens({ formats, model }: Writer, probe: Probe): ProbeTokens {
  const line = formats.layout.content(`${probe.prompt}${probe.expected}${probe.after}\n`);
  const rest = Buffer.byteLength(`${probe.after}\n`);
  const wanted = rest + Buffer.byteLength(probe.expected);
  // Count from the end, because some vocabularies add a space at the start.
  let counted = 0;
  let from = line.length;
  let to = line.length;
  while (from > 0 && counted < wanted) {
    from -= 1;
    counted += model.tokenBytes(line[from] ?? 0).length;
    if (counted <= rest) to = from;
  }
  return {
    prompt: concatenate(formats.layout.fileHeader(probe.path), line.subarray(0, from)),
    expected: line.slice(from, to),
  };
}

/** Tokenises a turn of a chat and the beginning of its answer. */
function wordedTokens({ formats, model }: Writer, probe: Probe): ProbeTokens {
  const worded = wordedQuestion(probe);
  return {
    prompt: formats.chat.question(worded?.question ?? ''),
    expected: model.tokenize(worded?.answer ?? '', { special: false }),
  };
}
