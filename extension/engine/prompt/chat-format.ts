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
 * The format of a model's own template, or plain text for a model without one.
 * @throws EngineError `model-unsupported` where the template is not a known one.
 */
export function createChatFormat(model: ChatModel): ChatFormat {
  const wrap = model.info.chatTemplate === null ? plainFormat : templateFormat(model);
  const turn = (role: 'system' | 'user', text: string, opensAnswer: boolean): Int32Array => {
    const [before, after] = wrap(role, opensAnswer);
    // A template may leave out a system turn altogether.
    if (before === '' && after === '') return new Int32Array();
    return concatenate(
      model.tokenize(before, { special: true }),
      model.tokenize(text, { special: false }),
      model.tokenize(after, { special: true }),
    );
  };
  const { addBos, tokens } = model.info;
  const system = turn('system', task, false);
  const first = addBos && tokens.bos >= 0 && system[0] !== tokens.bos ? [tokens.bos] : [];
  return {
    prologue: concatenate(Int32Array.from(first), system),
    question: (text) => turn('user', text.trim(), true),
    answerEnd: answerEnd(model, wrap),
  };
}

/** Where a template has no end of an answer of its own, it is the end of the text. */
function answerEnd(model: ChatModel, wrap: Wrapping): Int32Array {
  const { eos } = model.info.tokens;
  try {
    const [before, after] = wrap('assistant', false);
    if (before !== '' || after !== '') return model.tokenize(after, { special: true });
  } catch {
    // Some templates have no answer without a question.
  }
  return eos >= 0 ? Int32Array.of(eos) : new Int32Array();
}

type Role = 'system' | 'user' | 'assistant';
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
    if (formatted.trim() === '') return ['', ''];
    if (parts.length !== 2) {
      throw new EngineError(
        'model-unsupported',
        `The model's chat template changes the text of a ${role} turn; choose another model.`,
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
