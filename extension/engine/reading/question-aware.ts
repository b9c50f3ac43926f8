/**
 * Reading for one question that is known beforehand: it stands behind each chunk in place of the fixed
 * probe, and what it attends to is kept. As SnapKV (arXiv 2404.14469) and FINCH (arXiv 2408.00167)
 * do, whose windows hold the question. What is kept serves that question and no other.
 */

import type { PolicyParameters } from '../../protocol/policies.ts';
import type { ChatFormat } from '../prompt/chat-format.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { checkPolicy } from './create-memory.ts';
import type { MemoryRequest } from './create-memory.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeAddon } from '../native/contract.ts';
import { codeProbe } from '../prompt/observation-text.ts';

/** Tokens of a chunk that the addon wants beside what observes it. */
const leastChunkTokens = 64;

/** In place of what `default` prefers for unknown questions. */
const defaultForQuestion: PolicyParameters = {
  score: 'attention',
  rows: 'probe',
  raise: '1',
  'raise-value': '1',
  'raise-import': '1',
};

/**
 * The policy as it looks through the question: one that scores by attention gets `rows=probe`, unless
 * it observes through the probe already; `default` also scores by attention then, without raising
 * what other questions may be about. What the user set stays.
 * @throws EngineError `invalid-argument` for a policy that no question can guide; what the addon
 *   throws.
 */
export function questionAware(
  addon: Pick<NativeAddon, 'policyRows'>,
  { name, parameters }: MemoryRequest['policy'],
): MemoryRequest['policy'] {
  const rows = addon.policyRows({ name, parameters });
  if (rows === 'probe' || rows === 'both') return { name, parameters };
  if (rows !== 'none' && parameters['rows'] !== undefined) {
    throw new EngineError(
      'invalid-argument',
      `With rows=${rows}, the policy does not observe through the question. Omit rows, or set it to probe or both.`,
    );
  }
  const looking = {
    name,
    parameters: { ...(name === 'default' ? defaultForQuestion : { rows: 'probe' }), ...parameters },
  };
  if (name !== 'full' && addon.policyRows(looking) === 'probe') return looking;
  throw new EngineError(
    'invalid-argument',
    `The policy "${name}" does not use attention, so a question cannot guide it. Choose "default" or a policy that uses attention, e.g. "snapkv" or "laprox".`,
  );
}

/**
 * Parameters to open with, whose policy is checked before anything is given up for it, and looks
 * through the question where one is known.
 * @throws EngineError `invalid-argument` as `checkPolicy` and {@link questionAware}
 */
export function withCheckedPolicy(
  addon: Pick<NativeAddon, 'policyProfile' | 'policyRows'>,
  given: OpenParameters,
): OpenParameters {
  const policy = { name: given.policy, parameters: given.policyParameters };
  checkPolicy(addon, policy);
  if (given.observedQuestion === undefined) return given;
  return { ...given, policyParameters: questionAware(addon, policy).parameters };
}

/**
 * What policies with `rows=probe` look through: the question as it will be asked, or without one the
 * fixed code probe.
 * @throws EngineError `question-too-long` where it leaves too little of a chunk
 */
export function probeFor(
  chat: ChatFormat,
  question: string | undefined,
  chunkTokens: number,
): Int32Array {
  if (question === undefined) return codeProbe(chat);
  const probe = chat.question(question);
  const most = chunkTokens - leastChunkTokens;
  if (probe.length > most) {
    throw new EngineError(
      'question-too-long',
      `The question has ${String(probe.length)} tokens, but this model allows at most ${String(most)} while it reads. Ask a shorter question.`,
    );
  }
  return probe;
}
