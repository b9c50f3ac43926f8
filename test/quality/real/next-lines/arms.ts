/** What stands before the text that is gone on from: a memory or none, found text or none. */

/** A policy at a budget; `full` at `100%` is the reference. */
export interface Memory {
  readonly policy: string;
  readonly budget: string;
}

/** How much text is found for a place: tokens, and a share of the stream besides. */
export interface TextAmount {
  readonly tokens: number;
  /** In [0, 1]: what a memory of that share holds is then spent on text. */
  readonly share: number;
}

export interface Arm {
  readonly memory: Memory | null;
  readonly text: TextAmount | null;
}

export const reference: Memory = { policy: 'full', budget: '100%' };

/** The random memory, beside which what a policy keeps is judged. */
export const randomPolicy = 'random';

/** As it is written in tables and files. */
export function memoryName({ policy, budget }: Memory): string {
  return policy === reference.policy ? 'everything' : `${policy} ${budget}`;
}

/** As it is written on the command line: `400`, or `400+10%`. */
export function textName({ tokens, share }: TextAmount): string {
  return share === 0 ? String(tokens) : `${String(tokens)}+${String(100 * share)}%`;
}

export function armName({ memory, text }: Arm): string {
  const held = memory === null ? 'nothing' : memoryName(memory);
  return text === null ? held : `${held}, text ${textName(text)}`;
}

/**
 * Every memory, and none, without text and with each amount of it. Beside a memory stands the first
 * amount alone: the others are what the memory's bytes would buy.
 */
export function armsOf(memories: readonly Memory[], texts: readonly TextAmount[]): Arm[] {
  const beside = texts.slice(0, 1);
  return [
    ...[null, ...texts].map((text) => ({ memory: null, text })),
    ...[reference, ...memories].flatMap((memory) =>
      [null, ...beside].map((text) => ({ memory, text })),
    ),
  ];
}

/** Reads {@link textName}. @throws Error in one sentence */
export function readTextAmount(text: string): TextAmount {
  const [, tokens, percent] = /^([1-9]\d*)(?:\+(\d+(?:\.\d+)?)%)?$/u.exec(text) ?? [];
  if (tokens !== undefined) return { tokens: Number(tokens), share: Number(percent ?? 0) / 100 };
  throw new Error(`--text takes tokens such as 400 or 400+10%, not "${text}".`);
}
