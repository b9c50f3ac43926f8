/** Splits names into words and replaces them. */
import { readWords } from '../../generator/words.ts';
import type { Random } from '../../generator/random.ts';

/**
 * A word of a name: capitals not followed by a small letter, or letters with at most one capital.
 */
const wordPattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/gu;

/** English function words; a text without any of them is not treated as English. */
export const functionWords: ReadonlySet<string> = new Set(
  `a about above after again all also although always an and another any are as at be because been
  before being below between both but by can cannot could did do does doing done down during each
  either else even every few first for from further get given gets had has have having he her here
  his how however http https i if in instead into is it its itself just last least less like made make
  makes many may might more most much must need needs neither never next no nor not now of off on
  once one only or other others our out over own per same set she should since so some still such
  than that the their them then there these they this those through thus to too two under until up
  upon us use used uses using very via was we were what when where whether which while who whose why
  will with within without would www yet you your`.split(/\s+/u),
);

/** Whether a word may change: single letters say nothing. */
function mayChange(word: string): boolean {
  return word.length > 1;
}

/** The words of a name or a text that may change, in lower case. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(wordPattern)].map(([word]) => word.toLowerCase()).filter(mayChange);
}

/** Replaces the words of a name; keeps case, digits, underscores and the number of words. */
export function replaceWords(name: string, words: ReadonlyMap<string, string>): string {
  return name.replaceAll(wordPattern, (word) => {
    const other = words.get(word.toLowerCase());
    if (other === undefined || !mayChange(word)) return word;
    if (word === word.toLowerCase()) return other;
    return word === word.toUpperCase()
      ? other.toUpperCase()
      : other.charAt(0).toUpperCase() + other.slice(1);
  });
}

/**
 * Draws a unique replacement for each word: first from the word list for code, then, once that is
 * used up, from syllables.
 * @param isFree whether a word may be used as a replacement
 */
export function drawWords(
  vocabulary: Iterable<string>,
  isFree: (word: string) => boolean,
  random: Random,
): Map<string, string> {
  const { common, tail } = readWords(false);
  const known = [...new Set([...common, ...tail, ...readWords(true).tail])];
  const pool = random.shuffle(known.filter((word) => /^[a-z]{2,}$/u.test(word) && isFree(word)));
  const taken = new Set(pool);
  const result = new Map<string, string>();
  for (const word of [...new Set(vocabulary)].sort()) {
    let other = pool.pop();
    while (other === undefined) {
      const made = syllables(random);
      if (taken.has(made) || !isFree(made)) continue;
      taken.add(made);
      other = made;
    }
    result.set(word, other);
  }
  return result;
}

const consonants = Array.from('bdfgklmnprstvz');
const vowels = Array.from('aeiou');

function syllables(random: Random): string {
  const count = random.integer(2, 4);
  const letters = (): string => random.pick(consonants) + random.pick(vowels);
  return Array.from({ length: count }, letters).join('') + random.pick(['', 'n', 'r', 's', 'l']);
}
