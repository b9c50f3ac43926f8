/** What a user does in the chat, and what is seen there. */

import type { Frame, Locator } from 'playwright-core';
import { until } from './until.ts';

/** The chat of one window. */
export class Chat {
  readonly frame: Frame;

  /** @param frame the inside of the view */
  constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The box above the conversation that says what the engine does. */
  get panel(): Locator {
    return this.frame.locator('.panel');
  }

  /** The line that says how much is held: there once the repository is read. */
  get summary(): Locator {
    return this.frame.locator('.summary-held');
  }

  /** The last question's turn. */
  get lastTurn(): Locator {
    return this.frame.locator('.turn').last();
  }

  /** The text of the last answer so far. */
  async answer(): Promise<string> {
    return this.lastTurn.locator('.answer').innerText();
  }

  /** Waits until the repository is read. */
  async ready(): Promise<void> {
    await this.summary.waitFor({ timeout: 300_000 });
    // The earlier memory's summary stays while the repository is read again.
    await this.panel.locator('.bar').waitFor({ state: 'detached', timeout: 300_000 });
  }

  /** Writes a question and presses Enter. */
  async ask(question: string): Promise<void> {
    const turns = await this.frame.locator('.turn').count();
    const box = this.frame.locator('.ask textarea');
    await box.fill(question);
    await box.press('Enter');
    await until('the question', async () =>
      (await this.frame.locator('.turn').count()) > turns ? true : null,
    );
  }

  /** Waits until the last answer has ended well or badly. */
  async answered(): Promise<void> {
    await this.lastTurn.locator('.turn-actions, .note').first().waitFor();
  }

  /** Waits until the last answer has some characters, and returns those. */
  async writing(atLeast: number): Promise<string> {
    return until(`${String(atLeast)} characters of an answer`, async () => {
      const text = await this.answer();
      return text.length >= atLeast ? text : null;
    });
  }
}
