/**
 * Chat turns as tokens, in the format on which the model was trained. The template is applied to a
 * mark, and the text is tokenised separately, so that it never becomes control tokens.
 */

import { EngineError, toEngineError } from '../core/errors.ts';
import type { NativeModel } from '../native/contract.ts';
import { reasoningFormat } from './reasoning-marks.ts';
import type { ReasoningFormat, ReasoningModel } from './reasoning-marks.ts';
import { concatenate } from './tokens.ts';

/** The task in the model's prompt. */
const task = 'You answer questions about the repository.';

/** Replaces a turn's text while the template is applied; no template inspects it. */
const mark = 'loci0text0goes0here';

/** The most characters that a template may add around a turn; known ones add far fewer. */
const longestFrame = 4_000;

type ChatModel = Pick<NativeModel, 'applyChatTemplate'> &
  ReasoningModel & {
    readonly info: Pick<NativeModel['info'], 'addBos' | 'chatTemplate' | 'tokens'>;
  };

/** The chat format of one model. */
export interface ChatFormat {
  /** The start of every stream and every separate prompt: the first token and the task. */
  readonly prologue: Int32Array;
  /** Returns a question and the start of its answer. */
  question(text: string): Int32Array;
  /** The tokens between an answer and the next question. */
  readonly answerEnd: Int32Array;
  /** How the model reasons before an answer; null: it does not. */
  readonly reasoning: ReasoningFormat | null;
}

/**
 * Makes the format of a model's own template, or plain text for a model without one. Never executes
 * a template: llama.cpp recognises the common ones by their content.
 * @throws EngineError `model-unsupported` if the template is unknown or does not keep the question.
 */
export function createChatFormat(model: ChatModel): ChatFormat {
  const { addBos, chatTemplate, tokens } = model.info;
  const wrap = (chatTemplate ?? '').trim() === '' ? plainFormat : templateFormat(model);
  const reasoning = reasoningFormat(model);
  const [begun, ended] = wrap('user', true);
  const opened = reasoning !== null && ended.trimEnd().endsWith(reasoning.marks.open);
  const tokensOf = (text: string): Int32Array => model.tokenize(text, { special: true });
  const before = tokensOf(begun);
  // Earlier questions are followed by their answers alone.
  const after = tokensOf(opened ? ended.slice(0, ended.lastIndexOf(reasoning.marks.open)) : ended);
  const system = systemTurn(model, wrap);
  const first = addBos && tokens.bos >= 0 && system[0] !== tokens.bos ? [tokens.bos] : [];
  return {
    prologue: concatenate(Int32Array.from(first), system),
    question: (text) => concatenate(before, model.tokenize(text.trim(), { special: false }), after),
    answerEnd: answerEnd(model, wrap),
    reasoning: opened ? { ...reasoning, opening: tokensOf(reasoning.marks.open) } : reasoning,
  };
}

/** Returns the task as a separate turn; empty if the template has no such turn. */
function systemTurn(model: ChatModel, wrap: Wrapping): Int32Array {
  let around: readonly [string, string];
  try {
    around = wrap('system', false);
  } catch {
    return new Int32Array();
  }
  return concatenate(
    model.tokenize(around[0], { special: true }),
    model.tokenize(task, { special: false }),
    model.tokenize(around[1], { special: true }),
  );
}

/** Returns the end of an answer; the end-of-text token if the template has none. */
function answerEnd(model: ChatModel, wrap: Wrapping): Int32Array {
  const { eos } = model.info.tokens;
  try {
    return model.tokenize(wrap('assistant', false)[1], { special: true });
  } catch {
    // Some templates do not accept an answer without a question.
  }
  return eos >= 0 ? Int32Array.of(eos) : new Int32Array();
}

type Role = 'system' | 'user' | 'assistant';
/** Returns the text before and after a turn's text. @throws EngineError */
type Wrapping = (role: Role, opensAnswer: boolean) => readonly [string, string];

function templateFormat(model: ChatModel): Wrapping {
  return (role, opensAnswer) => {
    let formatted: string;
    try {
      formatted = model.applyChatTemplate([{ role, content: mark }], opensAnswer);
    } catch (error) {
      throw toEngineError(error);
    }
    const parts = formatted.split(mark);
    if (parts.length !== 2 || formatted.length > longestFrame + mark.length) {
      throw new EngineError(
        'model-unsupported',
        `The model's chat template changes the text of a ${role} turn. Choose another build of this model.`,
      );
    }
    return [parts[0] ?? '', parts[1] ?? ''];
  };
}

/** For base models, which have no turns. */
const plainFormats: Readonly<Record<Role, readonly [string, string]>> = {
  system: ['', '\n\n'],
  user: ['\n\nQuestion: ', '\nAnswer:'],
  assistant: [' ', ''],
};

function plainFormat(role: Role): readonly [string, string] {
  return plainFormats[role];
}
