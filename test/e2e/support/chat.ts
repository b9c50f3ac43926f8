/** A user's actions in the chat, and what it shows. */

import type { Frame, Locator } from 'playwright-core';
import { until } from './until.ts';

/** The chat of one window. */
export class Chat {
  readonly frame: Frame;

  /** @param frame the inside of the view */
  constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The box above the conversation that shows what the engine is doing. */
  get panel(): Locator {
    return this.frame.locator('.panel');
  }

  /** The line that shows how much is held, once the repository is read. */
  get summary(): Locator {
    return this.frame.locator('.summary-held');
  }

  /** The turn of the last question. */
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
    // The previous memory's summary stays while the repository is read again.
    await this.panel.locator('.bar').waitFor({ state: 'detached', timeout: 300_000 });
  }

  /** Writes a question and presses Enter. */
  async ask(question: string): Promise<void> {
    const turns = await this.frame.locator('.turn').count();
    const box = this.frame.locator('.ask textarea');
    // An editor that is just being drawn may take the focus, and with it what is typed.
    await until('the question in the box', async () => {
      await box.fill(question);
      return (await box.inputValue()) === question || null;
    });
    await box.press('Enter');
    await until('the question', async () =>
      (await this.frame.locator('.turn').count()) > turns ? true : null,
    );
  }

  /** Waits until the last answer has ended, successfully or not. */
  async answered(): Promise<void> {
    await this.lastTurn.locator('.turn-actions, .note').first().waitFor();
  }

  /** Waits until the last answer has at least this many characters, and returns it. */
  async writing(atLeast: number): Promise<string> {
    return until(`${String(atLeast)} characters of an answer`, async () => {
      const text = await this.answer();
      return text.length >= atLeast ? text : null;
    });
  }
}
