/**
 * Models that were trained to predict the next change near the cursor from the last ones: one row a
 * format. They have the vocabularies of the code models that they are based on, so a row also needs
 * what the model's file calls itself; nothing in a repository has a say.
 *
 * Left out: Zeta 2.1, whose card does not say how long the blocks between its numbered marks are;
 * Instinct, and Zeta's formats between 1 and 2, which no released model was trained for.
 */

/** Which lines the model rewrites. */
type EditedRegion =
  | { readonly kind: 'lines'; readonly above: number; readonly below: number }
  /** Lines around the cursor's, until they have about so many tokens: three bytes each. */
  | { readonly kind: 'tokens'; readonly region: number; readonly context: number };

/** How a family of models predicts the next edit. */
export interface NextEditFamily {
  readonly name: 'Sweep' | 'Zeta' | 'Zeta 2';
  /** A pattern of what the file calls the model. */
  readonly models: RegExp;
  /** A vocabulary must have these as control tokens. */
  readonly tokens: readonly string[];
  readonly region: EditedRegion;
  /** What stands at the cursor in the prompt. */
  readonly cursor: string;
  /** Marks of the prompt and of what the model writes; the vocabulary may have them as tokens. */
  readonly marks: readonly string[];
  /** Starts what the model writes, if it writes it; null: the lines begin at once. */
  readonly opens: string | null;
  /** Must end what the model writes; null: a token does. */
  readonly closes: string | null;
}

/** crates/zeta/src/zeta1.rs of Zed: `MAX_REWRITE_TOKENS`, `MAX_CONTEXT_TOKENS`. */
const zedRegion = { kind: 'tokens', region: 350, context: 150 } as const;

/** Looked up in this order. */
export const nextEditFamilies: readonly NextEditFamily[] = [
  {
    // Sweep's own server for its open models, the package sweep-autocomplete 0.1.1
    // (autocomplete/next_edit_autocomplete.py: `prompt`, `diff_format`, `get_block_at_cursor`).
    name: 'Sweep',
    models: /(?<![a-z\d])sweep[ _-]*next[ _-]*edit(?![a-z])/iu,
    tokens: ['<|file_sep|>'],
    region: { kind: 'lines', above: 2, below: 5 },
    cursor: '<|cursor|>',
    marks: ['<|file_sep|>', '<|cursor|>', '<|endoftext|>'],
    opens: null,
    closes: null,
  },
  {
    // The module `zeta1` of crates/zeta_prompt/src/zeta_prompt.rs in Zed: plain text between marks
    // that are no tokens of Qwen2.5-Coder's.
    name: 'Zeta',
    models: /(?<![a-z\d])zeta(?![a-z]|[ _-]*v?\d)/iu,
    tokens: ['<|file_sep|>', '<|fim_prefix|>'],
    region: zedRegion,
    cursor: '<|user_cursor_is_here|>',
    marks: [
      '<|user_cursor_is_here|>',
      '<|start_of_file|>',
      '<|editable_region_start|>',
      '<|editable_region_end|>',
    ],
    opens: '<|editable_region_start|>',
    closes: '<|editable_region_end|>',
  },
  {
    // The module `seed_coder` of the same file (`V0211SeedCoder`), based on Seed-Coder.
    name: 'Zeta 2',
    models: /(?<![a-z\d])zeta[ _-]*v?2(?![.\d])/iu,
    tokens: ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>', '<filename>'],
    region: zedRegion,
    cursor: '<|user_cursor|>',
    marks: [
      ...['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>', '<filename>'],
      ...['<|user_cursor|>', '<<<<<<< CURRENT', '>>>>>>> UPDATED'],
    ],
    opens: null,
    closes: '>>>>>>> UPDATED',
  },
];

/**
 * Returns how a model predicts the next edit; null: it was not trained to.
 * @param names what its file calls it: name, base name and fine-tune
 * @param tokenOf the control token with a text; -1 if there is none
 */
export function nextEditFamily(
  names: readonly string[],
  tokenOf: (text: string) => number,
): NextEditFamily | null {
  const trained = ({ models, tokens }: NextEditFamily): boolean =>
    names.some((name) => models.test(name)) && tokens.every((text) => tokenOf(text) >= 0);
  return nextEditFamilies.find(trained) ?? null;
}
