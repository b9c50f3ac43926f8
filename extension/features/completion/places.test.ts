import { describe, expect, it } from 'vitest';
import { completesIn } from './places.ts';

describe('completesIn', () => {
  it.each([
    ['a file of the workspace', 'file', true, false, true],
    ['a file from elsewhere, such as the user settings', 'file', false, false, false],
    ['user settings of a remote window', 'vscode-userdata', false, false, false],
    ['a text without a file', 'untitled', false, false, true],
    ['a cell of a notebook of the workspace', 'vscode-notebook-cell', true, false, true],
    ['a cell of a notebook from elsewhere', 'vscode-notebook-cell', false, false, false],
    ['the right side of a comparison', 'file', true, true, false],
    ['what source control shows of the past', 'git', true, false, false],
    ['an output', 'output', false, false, false],
    ['the input box of source control', 'vscode-scm', false, false, false],
  ])('%s', (_, scheme, inFolder, inDiff, wanted) => {
    expect(completesIn({ scheme, inFolder, inDiff })).toBe(wanted);
  });
});
