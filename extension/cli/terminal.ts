/** Where the command line writes: results to stdout, everything else to stderr. */

import type { WriteStream } from 'node:tty';

type Stream = NodeJS.WriteStream | WriteStream;

/** The clear-to-end-of-line sequence of every terminal in use. */
const clearLine = '\r\u001b[K';

/** Standard output and standard error, with at most one line that is written over and over. */
export class Terminal {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  #statusShown = false;
  #outputClosed = false;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    // A reader that has seen enough, such as `head`, is no failure.
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#outputClosed = true;
    });
  }

  /** Whether progress may be one line that updates. */
  get interactive(): boolean {
    return this.#stderr.isTTY;
  }

  /** A result, as it is. */
  out(text: string): void {
    this.clearStatus();
    if (!this.#outputClosed) this.#stdout.write(text);
  }

  /** One JSON document. */
  json(value: unknown): void {
    this.out(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** A line for the person, not for the program that reads stdout. */
  note(text: string): void {
    this.clearStatus();
    this.#stderr.write(`${text}\n`);
  }

  /** Replaces the updating line; where there is none the text is left out. */
  status(text: string): void {
    if (!this.interactive) return;
    const columns = 'columns' in this.#stderr ? this.#stderr.columns : 80;
    this.#stderr.write(`${clearLine}${text.slice(0, Math.max(20, columns - 1))}`);
    this.#statusShown = true;
  }

  /** Takes the updating line away. */
  clearStatus(): void {
    if (!this.#statusShown) return;
    this.#stderr.write(clearLine);
    this.#statusShown = false;
  }
}
