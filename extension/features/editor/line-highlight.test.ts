import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Range } from 'vscode';
import type { TextEditor } from 'vscode';
import { shownMarks as shown } from '../../../test/fixtures/vscode.ts';
import type { Mark } from '../../../test/fixtures/vscode.ts';
import { highlightLines } from './line-highlight.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

/** Makes an editor that records the ranges it receives. */
function fakeEditor(): { readonly editor: TextEditor; readonly marked: Map<Mark, Range[]> } {
  const marked = new Map<Mark, Range[]>();
  const setDecorations = (kind: Mark, ranges: Range[]): void => void marked.set(kind, ranges);
  return { editor: { setDecorations } as unknown as TextEditor, marked };
}

describe('highlightLines', () => {
  const first = new Range(1, 0, 1, 5);
  const second = new Range(7, 0, 9, 0);

  it('marks whole lines so that every theme shows them, high-contrast themes by a border', () => {
    const { editor, marked } = fakeEditor();
    highlightLines(editor, first);
    expect([...marked.values()]).toEqual([[first]]);
    expect([...shown].map(({ options }) => options)).toMatchObject([
      {
        isWholeLine: true,
        backgroundColor: { id: 'editor.rangeHighlightBackground' },
        borderColor: { id: 'editor.rangeHighlightBorder' },
      },
    ]);
  });

  it('takes the marks away after three seconds', () => {
    highlightLines(fakeEditor().editor, first);
    vi.advanceTimersByTime(2_999);
    expect(shown.size).toBe(1);
    vi.advanceTimersByTime(1);
    expect(shown.size).toBe(0);
  });

  it('marks for the whole time what is opened soon after', () => {
    const { editor, marked } = fakeEditor();
    highlightLines(fakeEditor().editor, first);
    vi.advanceTimersByTime(2_000);
    highlightLines(editor, second);
    expect([...shown].map((kind) => marked.get(kind))).toEqual([[second]]);
    vi.advanceTimersByTime(2_999);
    expect(shown.size).toBe(1);
    vi.advanceTimersByTime(1);
    expect(shown.size).toBe(0);
  });
});
