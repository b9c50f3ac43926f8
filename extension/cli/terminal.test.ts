import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

const redraw = '\r\u001b[K';

/** Makes a terminal with its own streams, and a reader of its stderr. */
function terminalOf(stderr: { isTTY: boolean; columns?: number }): [Terminal, () => string] {
  const written = Object.assign(new PassThrough(), stderr);
  const results = Object.assign(new PassThrough(), { isTTY: false });
  const read = (): string => String(written.read() ?? '');
  return [
    new Terminal(
      results as unknown as NodeJS.WriteStream,
      written as unknown as NodeJS.WriteStream,
    ),
    read,
  ];
}

const progress = 'Reading: 12 of 34 files, 1,234 of 3,000 tokens, 2,000 tokens/s, 1.2 s left';

describe('the updating line', () => {
  it.each([
    [200, progress],
    [75, progress],
    [74, 'Reading: 12 of 34 files, 1,234 of 3,000 tokens, 2,000 tokens/s'],
    [40, 'Reading: 12 of 34 files'],
    [20, 'Reading: 12 of 34…'],
    [2, '…'],
    // Of unknown size.
    [0, progress],
    [undefined, progress],
  ])('fits %s columns, and shows no part of a number', (columns, shown) => {
    const [terminal, read] = terminalOf({
      isTTY: true,
      ...(columns === undefined ? {} : { columns }),
    });
    terminal.status(progress);
    expect(read()).toBe(`${redraw}${shown}`);
  });

  it('is drawn where it changes, and taken away once', () => {
    const [terminal, read] = terminalOf({ isTTY: true, columns: 80 });
    terminal.status('a');
    terminal.status('a');
    terminal.status('b');
    terminal.note('Done.');
    terminal.clearStatus();
    terminal.status('b');
    expect(read()).toBe(`${redraw}a${redraw}b${redraw}Done.\n${redraw}b`);
  });

  it('is not there without a terminal', () => {
    const [terminal, read] = terminalOf({ isTTY: false });
    terminal.status(progress);
    terminal.note('Done.');
    expect(read()).toBe('Done.\n');
  });
});
