/**
 * Every number that recall decides by: few spans, and sharp ones. Measured with the bundled model
 * on 240 questions: 98 % right from the block around the exact hit alone (72 tokens of prompt),
 * 91 % with 80 tokens of context more, 85 % from the whole file that holds the answer.
 */
export const recallThresholds = {
  /** A file whose best hit is at most this share of the best file's is not recalled beside it. */
  tieShare: 0.75,
  /** Files recalled where no hit is exact, or several are as good as the best. */
  mostFiles: 3,
  /**
   * Around an exact hit, tokens of context that are wanted: none while the budget for recalled text
   * is as small as a small model's, then this share of what is beyond, up to the most.
   */
  context: { from: 500, share: 0.5, most: 600 },
  /** Tokens that are wanted around a line that is only likely. */
  uncertainContext: 120,
  /** A file is recalled whole up to as many tokens as are wanted, and always up to these. */
  smallFile: 60,
  /** The largest share of the budget that one file's spans take, */
  spanShare: 0.5,
  /** but so many tokens are always allowed, where the budget has them. */
  smallestSpanLimit: 350,
  /** Text with more characters per token than this counts as large without being tokenised. */
  charactersPerToken: 16,
  /** A block with more lines is not taken whole. */
  longestBlock: 40,
  /** Spans of one file that are at most so many lines apart become one. */
  mergeGap: 2,
  /** Hits of one file that are looked at. */
  hitsPerFile: 4,

  /** Scores of an identifier's occurrences, by what the question asks for. */
  occurrence: {
    definition: { definition: 1, import: 0.4, use: 0.3 },
    import: { definition: 0.6, import: 1, use: 0.3 },
    use: { definition: 0.7, import: 0.5, use: 1 },
  },
  /** Weights of the question's terms by kind. */
  term: { path: 1, quoted: 1, identifier: 1, number: 0.6, word: 0.35 },
  /** What another term adds on the same line, within `nearLines`, and in the same file. */
  company: { line: 1, near: 0.5, file: 0.2 },
  nearLines: 6,
  /** A term that more files hold than this share is no landmark. */
  commonShare: 0.25,
  /** Occurrences of one term that are looked at. */
  mostOccurrences: 500,
  /** What windows found by their words count beside exact hits. */
  windowWeight: 0.5,

  /** The strongest tokens of a line that make its score. */
  tokensPerLine: 3,
  /** Weight of each neighbouring line in a line's score. */
  neighbourWeight: 0.25,
  /** Lines that the attention may point at. */
  attentionLines: 64,
  /** What attention counts beside windows, and what is left of it beside exact hits. */
  attentionWeight: 0.4,
  /** How much of what a neutral question attends to is subtracted. */
  baselineWeight: 1.5,
  /** Without that, the newest tokens are left out, at most this share of all. */
  newest: { tokens: 64, share: 0.2 },
} as const;
