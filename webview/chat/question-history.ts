/** Walks through earlier questions, as a terminal does with Arrow Up and Arrow Down. */
export class QuestionHistory {
  readonly #questions: () => readonly string[];
  /** How many questions back the box shows; 0: none. */
  #back = 0;
  #recalled = '';

  /** @param questions the earlier ones, the newest last */
  constructor(questions: () => readonly string[]) {
    this.#questions = questions;
  }

  /**
   * What the box shows after an arrow key.
   * @param text what it shows now: only an empty box, or a question as it was recalled, is replaced
   * @param step 1 to go back, -1 to come forward
   * @returns null where the key keeps its ordinary meaning
   */
  move(text: string, step: 1 | -1): string | null {
    if (text === '') this.#back = 0;
    else if (this.#back === 0 || text !== this.#recalled) return null;
    const questions = distinct(this.#questions());
    const back = this.#back + step;
    if (back < 0 || back > questions.length) return null;
    this.#back = back;
    this.#recalled = back === 0 ? '' : (questions.at(-back) ?? '');
    return this.#recalled;
  }
}

/** Without immediate repetitions. */
function distinct(questions: readonly string[]): string[] {
  return questions.filter((question, i) => question !== questions[i + 1]);
}
