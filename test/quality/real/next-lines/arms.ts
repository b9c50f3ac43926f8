/** The context before the continued text: with or without a memory, with or without found text. */

/** A policy at a budget; `full` at `100%` is the reference. */
export interface Memory {
  readonly policy: string;
  readonly budget: string;
}

/** How much text to find for a place: a token count, plus a share of the stream. */
export interface TextAmount {
  readonly tokens: number;
  /** In [0, 1]: spends the tokens of a memory of that share on text instead. */
  readonly share: number;
}

export interface Arm {
  readonly memory: Memory | null;
  readonly text: TextAmount | null;
}

export const reference: Memory = { policy: 'full', budget: '100%' };

/** The random memory that policies are compared with. */
export const randomPolicy = 'random';

/** The name in tables and files. */
export function memoryName({ policy, budget }: Memory): string {
  return policy === reference.policy ? 'everything' : `${policy} ${budget}`;
}

/** The form on the command line: `400`, or `400+10%`. */
export function textName({ tokens, share }: TextAmount): string {
  return share === 0 ? String(tokens) : `${String(tokens)}+${String(100 * share)}%`;
}

export function armName({ memory, text }: Arm): string {
  const held = memory === null ? 'nothing' : memoryName(memory);
  return text === null ? held : `${held}, text ${textName(text)}`;
}

/**
 * Combines no memory and every memory with no text and with text. Memories are combined only with
 * the first amount: the larger ones stand for the memory's bytes.
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

/** Parses the form of {@link textName}. @throws Error in one sentence */
export function readTextAmount(text: string): TextAmount {
  const [, tokens, percent] = /^([1-9]\d*)(?:\+(\d+(?:\.\d+)?)%)?$/u.exec(text) ?? [];
  if (tokens !== undefined) return { tokens: Number(tokens), share: Number(percent ?? 0) / 100 };
  throw new Error(`--text takes tokens such as 400 or 400+10%, not "${text}".`);
}
