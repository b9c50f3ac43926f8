/** Recalls earlier questions, like Arrow Up and Arrow Down in a terminal. */
export class QuestionHistory {
  readonly #questions: () => readonly string[];
  /** How many questions back the box is; 0: none. */
  #back = 0;
  #recalled = '';

  /** @param questions earlier questions, newest last */
  constructor(questions: () => readonly string[]) {
    this.#questions = questions;
  }

  /**
   * Returns the text of the box after an arrow key.
   * @param text the current text; only an empty box or an unchanged recalled question is replaced
   * @param step 1 to go back, -1 to go forward
   * @returns null if the key keeps its usual meaning
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

/** Removes immediate repetitions. */
function distinct(questions: readonly string[]): string[] {
  return questions.filter((question, i) => question !== questions[i + 1]);
}
