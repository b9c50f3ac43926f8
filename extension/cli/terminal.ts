/** The output of the command line: results on stdout, everything else on stderr. */

import type { WriteStream } from 'node:tty';
import { jsonText, visibleText } from '../protocol/plain-text.ts';

type Stream = NodeJS.WriteStream | WriteStream;

/** The sequence that clears the line in all common terminals. */
const clearLine = '\r\u001b[K';

const usualColumns = 80;

/** Error codes of writing to a pipe that its reader has closed. */
const readerGone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EOF']);

/** The state of stdout: all written, its reader gone, or not writable. */
export type OutputState =
  | { readonly kind: 'written' }
  | { readonly kind: 'reader-gone' }
  /** `code` is the system's, e.g. ENOSPC. */
  | { readonly kind: 'failed'; readonly code: string };

/**
 * Standard output and standard error, with at most one updating line.
 *
 * On a terminal, control characters in text from elsewhere are escaped, as `\u001b`. A file or a
 * pipe on stdout receives text verbatim.
 */
export class Terminal {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #lost = new AbortController();
  #state: OutputState = { kind: 'written' };
  /** The current updating line; empty if there is none. */
  #status = '';
  #errorsClosed = false;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(error);
    });
    // There is nowhere left to report this.
    stderr.on('error', () => {
      this.#errorsClosed = true;
    });
  }

  /** Whether progress may be an updating line, which a file, pipe or dumb terminal cannot show. */
  get interactive(): boolean {
    return this.#stderr.isTTY && process.env['TERM'] !== 'dumb';
  }

  /** Fires once stdout accepts no more output, so that no later result can be delivered. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Writes a result. */
  out(text: string): void {
    this.clearStatus();
    if (this.#state.kind !== 'written') return;
    this.#stdout.write(this.#stdout.isTTY ? visibleText(text) : text);
  }

  /** Writes one JSON document. */
  json(value: unknown): void {
    this.out(`${jsonText(value)}\n`);
  }

  /** Writes a line for the user, not for the program that reads stdout. */
  note(text: string): void {
    this.clearStatus();
    this.#tell(`${visibleText(text)}\n`);
  }

  /** Replaces the updating line; does nothing if the terminal cannot show one. */
  status(text: string): void {
    if (!this.interactive) return;
    // A terminal of unknown size reports 0.
    const known = 'columns' in this.#stderr ? this.#stderr.columns : 0;
    const columns = known > 0 ? known : usualColumns;
    // Leave the last column free: some terminals break the line once it is used.
    const line = fittingLine(visibleText(text).replace(/[\t\n]/gu, ' '), columns - 1);
    if (line === this.#status) return;
    this.#tell(`${clearLine}${line}`);
    this.#status = line;
  }

  /** Removes the updating line. */
  clearStatus(): void {
    if (this.#status === '') return;
    this.#tell(clearLine);
    this.#status = '';
  }

  /** Waits until all output is written or cannot be. Never rejects. */
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
    // A closed terminal reports EIO.
    const gone = readerGone.has(code) || (code === 'EIO' && this.#stdout.isTTY);
    this.#state = gone ? { kind: 'reader-gone' } : { kind: 'failed', code };
    this.#lost.abort();
  }
}

/**
 * Shortens a line to as many of its comma-separated parts as fit, because half a number would be
 * wrong. If the first part does not fit, returns its beginning and an ellipsis.
 */
function fittingLine(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const end = text.lastIndexOf(', ', columns);
  return end > 0 ? text.slice(0, end) : `${text.slice(0, Math.max(0, columns - 1)).trimEnd()}…`;
}

/** Resolves after the stream's writes, and after the error event of a failed one. */
function flushed(stream: Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      setImmediate(resolve);
    };
    if (stream.destroyed) done();
    else stream.write('', done);
  });
}
