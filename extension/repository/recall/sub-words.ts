/** Words too common in code or in questions to tell one place from another. */
const commonWords = new Set(
  `a an and are as at be by const do else export for from function if import in is it let new not
   of on or return string that the then this to type var was with number boolean true false null
   undefined void what which where how does did why when who whose can could should would there
   have has about between into its value values please explain tell me my you`.split(/\s+/),
);

const words = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}+|\d{2,}/gu;
/** V8 keeps the whole text alive for a part of it from this length on. */
const slicedLength = 13;

/** A copy that does not keep the text alive that a string was cut from. */
export function detach(text: string): string {
  return text.length < slicedLength ? text : Buffer.from(text).toString();
}

/** A word without the endings of plurals and of verbs: parsed, parsing and parses are one. */
function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) {
    return word;
  }
  if (word.endsWith('ies')) {
    return `${word.slice(0, -3)}y`;
  }
  const root = word.replace(/(?:ing|ed|(?<!s)s)$/, '');
  return (root.length < 3 ? word : root).replace(/(?<=..)e$/, '');
}

/** The words that names and prose are made of, in lower case and without endings. */
export function subWords(text: string): string[] {
  const found: string[] = [];
  for (const [word] of text.matchAll(words)) {
    const lower = word.toLowerCase();
    if (lower.length > 1 && !commonWords.has(lower)) {
      found.push(detach(stem(lower)));
    }
  }
  return found;
}
