/** Recognises by its chat template whether a model reasons before it answers, and how it marks that. */

import type { ReasoningMarks } from '../generation/reasoning.ts';
import type { NativeModel } from '../native/contract.ts';

/** How a model reasons. */
export interface ReasoningFormat {
  readonly marks: ReasoningMarks;
  /** The tokens that open the reasoning, if the template opens it before the answer; else null. */
  readonly opening: Int32Array | null;
}

export type ReasoningModel = Pick<NativeModel, 'tokenize' | 'tokenBytes'> & {
  readonly info: Pick<NativeModel['info'], 'chatTemplate'>;
};

type MarkTexts = Pick<ReasoningMarks, 'open' | 'close' | 'before' | 'after'>;

interface Family extends MarkTexts {
  /** Texts of the template, if it does not have the marks themselves. */
  readonly signs?: readonly string[];
}

const marks = (open: string, close: string, before?: string, after?: string): MarkTexts => ({
  ...{ open, close },
  ...{ before: before ?? null, after: after ?? null },
});

/** The marks as the models' own templates have them; the first row whose signs one has applies. */
const families: readonly Family[] = [
  // Granite 3.3, whose answer has marks of its own.
  {
    ...marks('<think>', '</think>', '<response>', '</response>'),
    signs: ['<think>', '</think>', '<response>'],
  },
  // Hunyuan, likewise.
  {
    ...marks('<think>', '</think>', '<answer>', '</answer>'),
    signs: ['<think>', '</think>', '<answer>'],
  },
  // Qwen 3, DeepSeek, GLM, SmolLM3, EXAONE 4, Nemotron, LFM2.5 and many others.
  marks('<think>', '</think>'),
  // The first DeepSeek R1 and LFM2.5, whose templates only take it out of earlier answers.
  { ...marks('<think>', '</think>'), signs: ["split('</think>')"] },
  { ...marks('<think>', '</think>'), signs: ['split("</think>")'] },
  // Magistral and Ministral.
  marks('[THINK]', '[/THINK]'),
  // Seed-OSS.
  marks('<seed:think>', '</seed:think>'),
  // MiniMax M3, which begins an answer without reasoning with the second mark.
  marks('<mm:think>', '</mm:think>', '</mm:think>'),
  // Hunyuan 3, whose template puts the marks together.
  {
    ...marks('<think:opensource>', '</think:opensource>'),
    signs: ['<think{}>', '</think{}>', "':opensource'"],
  },
  // EXAONE Deep.
  marks('<thought>', '</thought>'),
  // Apertus.
  marks('<|inner_prefix|>', '<|inner_suffix|>'),
  // Apriel, in words.
  marks(
    'Here are my reasoning steps:',
    '[BEGIN FINAL RESPONSE]',
    undefined,
    '[END FINAL RESPONSE]',
  ),
  // Granite 3.2, in words.
  marks('Here is my thought process:', 'Here is my response:'),
  // Command.
  marks('<|START_THINKING|>', '<|END_THINKING|>', '<|START_RESPONSE|>', '<|END_RESPONSE|>'),
  // Gemma 4.
  marks('<|channel>thought', '<channel|>'),
  // Solar Open.
  {
    ...marks('<|think|>', '<|end|><|begin|>assistant<|content|>', '<|content|>'),
    signs: ['<|begin|>assistant<|think|>', '<|begin|>assistant<|content|>'],
  },
  // gpt-oss.
  {
    ...marks(
      '<|channel|>analysis<|message|>',
      '<|end|><|start|>assistant<|channel|>final<|message|>',
      '<|channel|>final<|message|>',
    ),
    signs: ['<|channel|>analysis<|message|>', '<|channel|>final'],
  },
];

/** Returns how a model reasons; null if its template knows no reasoning. */
export function reasoningFormat(model: ReasoningModel): ReasoningFormat | null {
  const template = model.info.chatTemplate ?? '';
  const family = families.find(({ open, close, signs = [open, close] }) =>
    signs.every((sign) => template.includes(sign)),
  );
  if (family === undefined) return null;
  const { open, close, before, after } = family;
  const tokens = (text: string): Int32Array => model.tokenize(text, { special: true });
  const written = [open, close, before ?? '', after ?? ''];
  const spoken = new Map(written.flatMap((mark) => spokenTokens(model, mark)));
  return {
    marks: { open, close, before, after, spoken, closeTokens: tokens(close) },
    opening: opensReasoning(template, family) ? tokens(`${open}\n`) : null,
  };
}

/** Returns the control tokens of a mark, which have no text, with their text. */
function spokenTokens(model: ReasoningModel, mark: string): [number, Uint8Array][] {
  const parts = mark.match(/<[^<>]*>|\[[^[\]]*\]|[^<[]+/gu) ?? [];
  return parts.flatMap((part): [number, Uint8Array][] => {
    const [token, ...others] = model.tokenize(part, { special: true });
    const control = token !== undefined && others.length === 0 && !hasText(model, token);
    return control ? [[token, new TextEncoder().encode(part)]] : [];
  });
}

function hasText(model: ReasoningModel, token: number): boolean {
  return model.tokenBytes(token).length > 0;
}

/**
 * Returns whether a template opens the reasoning itself where the answer begins, unless it is told
 * otherwise. Reads the template as text and never runs it: after the last mention of the place, the
 * opening mark must stand where no condition, or the usual case of one, leads to.
 */
export function opensReasoning(
  template: string,
  { open, close }: Pick<ReasoningMarks, 'open' | 'close'>,
): boolean {
  const place = template.lastIndexOf('add_generation_prompt');
  if (place < 0) return false;
  const end = template.slice(place);
  for (let at = end.indexOf(open); at >= 0; at = end.indexOf(open, at + open.length)) {
    const following = end.slice(at + open.length).replace(/^(?:\\n|\s)+/u, '');
    // Both marks together say that there is no reasoning.
    if (following.startsWith(close)) continue;
    if (isUsual(template, end.slice(0, at))) return true;
  }
  return false;
}

/** Returns whether the conditions before a place in a template hold unless it is told otherwise. */
function isUsual(template: string, before: string): boolean {
  const open: string[] = [];
  // The first tag is the rest of the one that asks for the place.
  for (const tag of before.matchAll(/\{%-?\s*(?<word>if|elif|else|endif)\b(?<rest>[^%]*)/gu)) {
    const { word = '', rest = '' } = tag.groups ?? {};
    if (word === 'if') open.push(rest.trim());
    else if (word === 'endif') open.pop();
    else open.push(word === 'else' ? `not (${open.pop() ?? ''})` : rest.trim());
  }
  return open.every((condition) => {
    const { negated, name } =
      /^(?<negated>not\s*\(?\s*)?(?:not\s+)?(?:ns\.)?(?<name>\w+)/u.exec(condition)?.groups ?? {};
    const isSet = new RegExp(String.raw`set\s+(?:ns\.)?${name ?? ''}\s*=[^%]*\b[Tt]rue`, 'u');
    // `not (x is defined and x is false)` is the usual case, `not (not x)` is not.
    if (negated !== undefined) return !/^not\s*\(\s*not\b/u.test(condition) || isSet.test(template);
    return isSet.test(template);
  });
}
