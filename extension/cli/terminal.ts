/** Where the command line writes: results to stdout, everything else to stderr. */

import type { WriteStream } from 'node:tty';
import { jsonText, visibleText } from '../protocol/plain-text.ts';

type Stream = NodeJS.WriteStream | WriteStream;

/** The clear-to-end-of-line sequence of every terminal in use. */
const clearLine = '\r\u001b[K';

const usualColumns = 80;

/** Codes of a write to a pipe whose reader has closed it. */
const readerGone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EOF']);

/** What became of stdout: all written, its reader gone, or not writable. */
export type OutputState =
  | { readonly kind: 'written' }
  | { readonly kind: 'reader-gone' }
  /** `code` is the system's, e.g. ENOSPC. */
  | { readonly kind: 'failed'; readonly code: string };

/**
 * Standard output and standard error, with at most one line that is written over and over.
 *
 * A terminal shows no control character of others' text: they are written out, as `\u001b`. A file or
 * a pipe on stdout gets text to the letter.
 */
export class Terminal {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #lost = new AbortController();
  #state: OutputState = { kind: 'written' };
  /** The updating line as it stands; empty where there is none. */
  #status = '';
  #errorsClosed = false;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(error);
    });
    // Nothing is left to tell it to.
    stderr.on('error', () => {
      this.#errorsClosed = true;
    });
  }

  /** Whether progress may be one line that updates: a file, a pipe and a dumb terminal keep them all. */
  get interactive(): boolean {
    return this.#stderr.isTTY && process.env['TERM'] !== 'dumb';
  }

  /** Fires once stdout takes nothing more: no later result can reach anybody. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** A result. */
  out(text: string): void {
    this.clearStatus();
    if (this.#state.kind !== 'written') return;
    this.#stdout.write(this.#stdout.isTTY ? visibleText(text) : text);
  }

  /** One JSON document. */
  json(value: unknown): void {
    this.out(`${jsonText(value)}\n`);
  }

  /** A line for the person, not for the program that reads stdout. */
  note(text: string): void {
    this.clearStatus();
    this.#tell(`${visibleText(text)}\n`);
  }

  /** Replaces the updating line; where there is none the text is left out. */
  status(text: string): void {
    if (!this.interactive) return;
    // A terminal of unknown size says 0.
    const known = 'columns' in this.#stderr ? this.#stderr.columns : 0;
    const columns = known > 0 ? known : usualColumns;
    // The last column stays free: some terminals break the line once it is written to.
    const line = fittingLine(visibleText(text).replace(/[\t\n]/gu, ' '), columns - 1);
    if (line === this.#status) return;
    this.#tell(`${clearLine}${line}`);
    this.#status = line;
  }

  /** Takes the updating line away. */
  clearStatus(): void {
    if (this.#status === '') return;
    this.#tell(clearLine);
    this.#status = '';
  }

  /** Waits until all is written or cannot be. Never rejects. */
  async finish(): Promise<OutputState> {
    await Promise.all([flushed(this.#stdout), flushed(this.#stderr)]);
    return this.#state;
  }

  #tell(text: string): void {
    if (!this.#errorsClosed) this.#stderr.write(text);
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#state.kind !== 'written') return;
    const code = error.code ?? 'EIO';
    // A terminal that was closed reports EIO.
    const gone = readerGone.has(code) || (code === 'EIO' && this.#stdout.isTTY);
    this.#state = gone ? { kind: 'reader-gone' } : { kind: 'failed', code };
    this.#lost.abort();
  }
}

/**
 * As many of a line's parts, with commas between, as fit into so many columns: half a number would be
 * a wrong one. Of a first part that does not fit, the beginning and an ellipsis.
 */
function fittingLine(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const end = text.lastIndexOf(', ', columns);
  return end > 0 ? text.slice(0, end) : `${text.slice(0, Math.max(0, columns - 1)).trimEnd()}…`;
}

/** Resolves after the stream's writes, and after the event of one that failed. */
function flushed(stream: Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      setImmediate(resolve);
    };
    if (stream.destroyed) done();
    else stream.write('', done);
  });
}
