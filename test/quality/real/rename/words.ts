/** The words that names are made of, and the words that take their place. */
import { readWords } from '../../generator/words.ts';
import type { Random } from '../../generator/random.ts';

/** A word of a name: capitals that no small letter follows, or letters with one capital at most. */
const wordPattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/gu;

/** Words of English that say nothing of a repository; a text without them is not read as English. */
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

/** Whether a word may change: one letter says nothing. */
function mayChange(word: string): boolean {
  return word.length > 1;
}

/** The words of a name or a text that may change, in small letters. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(wordPattern)].map(([word]) => word.toLowerCase()).filter(mayChange);
}

/** A name with its words replaced: case, digits, underscores and the number of words stay. */
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
 * A word for each word, none twice. First come words that code is made of; then, where there are
 * not enough, words of syllables.
 * @param isFree whether a word may take the place of another
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
