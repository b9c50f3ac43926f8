/** Finds lines of a completion that already exist directly above or below. */

/** Shorter lines may be equal by chance. */
const leastCharacters = 8;
/** This many equal lines in a row are not equal by chance. */
const run = 3;
/** Further lines above are not compared. */
const mostAbove = 8;

/** Closing brackets and words, of which many equal ones may follow each other. */
const closing = /^(?:[)\]}>;,\s]+|<\/[\w.:-]*>?|end\w*|fi|done|esac)$/u;

/** Normalises a line, so that equivalent lines are equal. */
function essence(line: string): string {
  return line.replace(/\s/gu, '').replace(/[,;]$/u, '');
}

/** Returns whether a line is significant: data and closing brackets are not. */
function speaks(line: string): boolean {
  return /\p{L}/u.test(line) && !closing.test(line.trim());
}

/** Compares a completion's lines with those around the cursor. */
export class SurroundingLines {
  /** Nonblank lines, nearest last. */
  readonly #above: readonly string[];
  /** The first line below that is not blank. */
  readonly #next: string;
  /** Runs of {@link run} lines below, and pairs of lines after a blank one. */
  readonly #runs = new Set<string>();
  readonly #pairs = new Set<string>();

  /** @param above whole lines. @param below whole lines. */
  constructor(above: readonly string[], below: readonly string[]) {
    this.#above = filled(above).slice(-mostAbove);
    this.#next = filled(below)[0] ?? '';
    const lines = filled(below);
    for (let at = 0; at + run <= lines.length; at += 1) {
      this.#runs.add(keyOf(lines.slice(at, at + run)));
    }
    for (const block of blocksOf(below)) this.#pairs.add(keyOf(block.slice(0, 2)));
  }

  /**
   * Counts the new lines of a completion, once its last one is complete; null if all may be new.
   * @param lines the completion's nonblank lines; the first includes the cursor's line up to the
   *   cursor.
   */
  newLines(lines: readonly string[]): number | null {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (this.#isNext(line, last)) return last;
    if (this.#repeatsAbove(lines)) return 0;
    const three = lines.slice(-run);
    if (three.length === run && three.every(speaks) && this.#runs.has(keyOf(three))) {
      return lines.length - run;
    }
    const two = lines.slice(-2);
    const [first = ''] = two;
    const declares = speaks(first) && essence(first).length >= leastCharacters;
    return two.length === 2 && declares && this.#pairs.has(keyOf(two)) ? lines.length - 2 : null;
  }

  #isNext(line: string, index: number): boolean {
    if (this.#next === '') return false;
    if (speaks(line) && essence(line) === essence(this.#next)) return true;
    return index > 0 && line.trimEnd() === this.#next.trimEnd();
  }

  #repeatsAbove(lines: readonly string[]): boolean {
    const above = this.#above.slice(-lines.length);
    return (
      above.length === lines.length &&
      lines.some(speaks) &&
      lines.every((line, index) => line.trimEnd() === above[index]?.trimEnd())
    );
  }
}

function filled(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '');
}

/** Returns the parts between blank lines with at least two lines, except the first part. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.slice(1).filter((block) => block.length >= 2);
}

function keyOf(lines: readonly string[]): string {
  return lines.map(essence).join('\n');
}
