/**
 * Chat turns as tokens, in the form that the model was trained on. The template is applied to a
 * mark, and the text is tokenised apart from it: text never becomes control tokens.
 */

import { EngineError, toEngineError } from '../core/errors.ts';
import type { NativeModel } from '../native/contract.ts';
import { concatenate } from './tokens.ts';

/** What the model is told that it is here for. */
const task = 'You answer questions about the repository.';

/** Stands for a turn's text while the template is applied; no template looks into it. */
const mark = 'loci0text0goes0here';

/** Characters that a template may put around a turn; known ones put far less. */
const longestFrame = 4_000;

type ChatModel = Pick<NativeModel, 'applyChatTemplate' | 'tokenize'> & {
  readonly info: Pick<NativeModel['info'], 'addBos' | 'chatTemplate' | 'tokens'>;
};

/** How one model is spoken to. */
export interface ChatFormat {
  /** What opens every stream and every prompt of its own: the first token and the task. */
  readonly prologue: Int32Array;
  /** A question, and the opening of its answer. */
  question(text: string): Int32Array;
  /** What stands behind an answer where another question follows. */
  readonly answerEnd: Int32Array;
}

/**
 * The format of a model's own template, or plain text for a model without one. Nothing that a template
 * says is run: llama.cpp knows the common ones by what they contain.
 * @throws EngineError `model-unsupported` where the template is not a known one, or does not keep what
 *   the user asks.
 */
export function createChatFormat(model: ChatModel): ChatFormat {
  const { addBos, chatTemplate, tokens } = model.info;
  const wrap = (chatTemplate ?? '').trim() === '' ? plainFormat : templateFormat(model);
  const [before, after] = wrap('user', true).map((text) => model.tokenize(text, { special: true }));
  const system = systemTurn(model, wrap);
  const first = addBos && tokens.bos >= 0 && system[0] !== tokens.bos ? [tokens.bos] : [];
  return {
    prologue: concatenate(Int32Array.from(first), system),
    question: (text) =>
      concatenate(
        before ?? new Int32Array(),
        model.tokenize(text.trim(), { special: false }),
        after ?? new Int32Array(),
      ),
    answerEnd: answerEnd(model, wrap),
  };
}

/** The task as a turn of its own; nothing where the template has no such turn. */
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

/** Where a template has no end of an answer of its own, it is the end of the text. */
function answerEnd(model: ChatModel, wrap: Wrapping): Int32Array {
  const { eos } = model.info.tokens;
  try {
    return model.tokenize(wrap('assistant', false)[1], { special: true });
  } catch {
    // Some templates have no answer without a question.
  }
  return eos >= 0 ? Int32Array.of(eos) : new Int32Array();
}

type Role = 'system' | 'user' | 'assistant';
/** What stands before and behind the text of a turn. @throws EngineError */
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

/** For base models, which know no turns. */
const plainFormats: Readonly<Record<Role, readonly [string, string]>> = {
  system: ['', '\n\n'],
  user: ['\n\nQuestion: ', '\nAnswer:'],
  assistant: [' ', ''],
};

function plainFormat(role: Role): readonly [string, string] {
  return plainFormats[role];
}
