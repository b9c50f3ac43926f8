/**
 * Every number that recall decides by. Small models answer best when the tail holds one to three
 * hundred tokens of the right file and nothing else; so the aim is few spans, and sharp ones.
 */
export const recallThresholds = {
  /** A file whose best hit is at most this share of the best file's is not recalled beside it. */
  tieShare: 0.75,
  /** Files recalled where no hit is exact, or several are as good as the best. */
  mostFiles: 3,
  /** A file of at most this share of the budget is recalled whole... */
  wholeFileShare: 0.5,
  /** ...and a span has at most this share of it, */
  spanShare: 0.5,
  /** but never less than this many tokens are allowed for either, */
  smallestSpanLimit: 350,
  /** nor more than this. */
  largestSpanLimit: 1_200,
  /** A span is widened until it has about this many tokens. */
  wantedSpanTokens: 120,
  /** Lines of context on both sides of a block. */
  contextLines: 2,
  /** A block with more lines is not taken whole. */
  longestBlock: 40,
  /** Spans of one file that are at most so many lines apart become one. */
  mergeGap: 4,
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
  windowWeight: 0.4,

  /** The strongest tokens of a line that make its score. */
  tokensPerLine: 3,
  /** Weight of each neighbouring line in a line's score. */
  neighbourWeight: 0.25,
  /** Lines that the attention may point at. */
  attentionLines: 64,
  /** What attention counts beside an exact hit. */
  attentionWeight: 0.5,
} as const;
