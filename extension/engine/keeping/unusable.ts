/** Why what is kept is not used: never a failure, the repository is read instead. */

/** What a kept memory is found to be, as the middle of a sentence. */
const findings = {
  damaged: 'is damaged',
  version: 'is of another version of Loci',
  folders: 'is of other folders',
  model: 'is of another model',
  device: 'is of another device',
  policy: 'was made by another policy',
  kvType: 'holds keys and values of another type',
  budget: 'has a smaller budget',
  working: 'has another working set',
  question: 'was made for another question',
  encodings: 'was read in other encodings',
} as const;
export type Finding = keyof typeof findings;

/** What is kept does not verify, or does not match what is wanted. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly finding: Finding;

  /** @param finding what it is found to be */
  constructor(finding: Finding, options?: ErrorOptions) {
    super(`The kept memory ${findings[finding]}; the repository is read again.`, options);
    this.finding = finding;
  }
}
