import type { Fact } from './facts.ts';
import type { Language } from './names.ts';
import type { Random } from './random.ts';
import type { Assignment, Shapes } from './shapes.ts';

/** A fact with its location: lines of its file, from 1. */
export interface LocatedFact extends Fact {
  /** The line of the name. */
  readonly line: number;
  /** The last line that an answer needs: the value's line, or the name's if that is enough. */
  readonly endLine: number;
}

interface Block {
  readonly text: string;
  readonly facts: readonly Fact[];
}

/**
 * Writes a file: imports first, the rest in random order, with some name and value pairs grouped as
 * members of one object, enumeration or class.
 */
export function layOut(
  random: Random,
  shapes: Shapes,
  language: Language,
  facts: readonly Fact[],
  filler: readonly string[],
): { text: string; facts: LocatedFact[] } {
  const blocks: Block[] = filler.map((text) => ({ text, facts: [] }));
  const pairs: { fact: Fact; pair: Assignment }[] = [];
  for (const fact of random.shuffle(facts)) {
    if (typeof fact.code === 'string') blocks.push({ text: fact.code, facts: [fact] });
    else pairs.push({ fact, pair: fact.code });
  }
  while (pairs.length > 0) {
    const size = random.chance(0.55) ? 1 : random.integer(2, 5);
    const group = pairs.splice(0, size);
    const [first] = group;
    const alone = first !== undefined && group.length === 1 && random.chance(0.8);
    const text = alone
      ? shapes.assignment(language, first.pair)
      : shapes.group(
          language,
          group.map(({ pair }) => pair),
        );
    blocks.push({ text, facts: group.map(({ fact }) => fact) });
  }
  const shuffled = random.shuffle(blocks);
  const ordered = [
    ...shuffled.filter(({ text }) => isImport(text)),
    ...shuffled.filter(({ text }) => !isImport(text)),
  ];
  const lines = ordered.flatMap((block, index) => {
    const own = block.text.split('\n');
    const before = ordered[index - 1];
    return before !== undefined && isApart(before.text, block.text) ? ['', ...own] : own;
  });
  return {
    text: lines.join('\n') + '\n',
    facts: ordered.flatMap((block) => block.facts).map((fact) => locate(lines, fact)),
  };
}

function isImport(text: string): boolean {
  return /^(import|from) |= require\(/.test(text);
}

/** Blank lines surround code of several lines, and follow the imports. */
function isApart(before: string, after: string): boolean {
  return before.includes('\n') || after.includes('\n') || isImport(before) !== isImport(after);
}

function locate(lines: readonly string[], fact: Fact): LocatedFact {
  const name = new RegExp(`(?<![\\w$])${fact.key}(?![\\w$])`);
  const line = lines.findIndex((text) => name.test(text));
  const isStated = fact.kind !== 'file';
  const endLine = isStated
    ? lines.findIndex((text, index) => index >= line && text.includes(fact.answer))
    : line;
  if (line < 0 || endLine < 0) throw new Error(`${fact.key} is not in its file.`);
  return { ...fact, line: line + 1, endLine: endLine + 1 };
}
