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

interface Family extends Pick<ReasoningMarks, 'open' | 'close' | 'before'> {
  /** A text of the template beside the opening mark, if it has the closing mark in parts. */
  readonly sign?: string;
}

/** The marks as the models' own templates have them. */
const families: readonly Family[] = [
  // Qwen 3, DeepSeek, GLM, SmolLM3, EXAONE 4, Nemotron, LFM2.5 and many others.
  { open: '<think>', close: '</think>', before: null },
  // Magistral and Ministral.
  { open: '[THINK]', close: '[/THINK]', before: null },
  // Seed-OSS.
  { open: '<seed:think>', close: '</seed:think>', before: null },
  // Command.
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>', before: '<|START_RESPONSE|>' },
  // Gemma 4.
  { open: '<|channel>thought', close: '<channel|>', before: null },
  // gpt-oss.
  {
    open: '<|channel|>analysis<|message|>',
    close: '<|end|><|start|>assistant<|channel|>final<|message|>',
    before: '<|channel|>final<|message|>',
    sign: '<|channel|>final',
  },
];

/** Returns how a model reasons; null if its template knows no reasoning. */
export function reasoningFormat(model: ReasoningModel): ReasoningFormat | null {
  const template = model.info.chatTemplate ?? '';
  const family = families.find(
    ({ open, close, sign = close }) => template.includes(open) && template.includes(sign),
  );
  if (family === undefined) return null;
  const { open, close, before } = family;
  const tokens = (text: string): Int32Array => model.tokenize(text, { special: true });
  const spoken = new Map([open, close, before ?? ''].flatMap((mark) => spokenTokens(model, mark)));
  return {
    marks: { open, close, before, spoken, closeTokens: tokens(close) },
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
