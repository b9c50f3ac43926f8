import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { droppedMentions } from './dropped-files.ts';

const root = path.resolve('/work space/ä');
const one = [{ name: '', path: root }];
const files = ['src/a.ts', 'src/lib/b c.ts', 'ä/ö.ts', 'src/a.ts.map'];

function uri(...inside: string[]): string {
  return pathToFileURL(path.join(root, ...inside)).href;
}

describe('what is dropped', () => {
  it('is named as the completion names it', () => {
    const uris = [uri('src', 'a.ts'), uri('src', 'lib', 'b c.ts'), uri('ä'), `${uri('src')}/`];
    expect(droppedMentions(uris, one, files)).toEqual({
      text: '@src/a.ts @"src/lib/b c.ts" @ä/ @src/',
      hint: null,
    });
  });

  it('is named once, and by the name of its folder where there are several', () => {
    const roots = [
      { name: 'a', path: path.join(root, 'a') },
      { name: 'b', path: path.join(root, 'b') },
    ];
    const uris = [uri('b', 'x.ts'), uri('b', 'x.ts'), uri('a'), uri('c', 'x.ts')];
    expect(droppedMentions(uris, roots, ['a/y.ts', 'b/x.ts'])).toEqual({
      text: '@b/x.ts @a/',
      hint: 'Drop files and folders that were read: this one was not.',
    });
  });

  it('may be on the machine that the editor is connected to', () => {
    const remote = uri('src', 'a.ts').replace('file://', 'vscode-remote://ssh-remote%2Bhost');
    expect(droppedMentions([remote], one, files)).toEqual({ text: '@src/a.ts', hint: null });
  });

  it.each([
    uri('src', 'none.ts'),
    uri('sr'),
    uri(),
    uri('..', 'src', 'a.ts'),
    `${uri('src')}/..%2Fsrc/a.ts`,
    'file:///etc/passwd',
    'https://example.org/src/a.ts',
    'command:workbench.action.quit',
    'src/a.ts',
    'file://%',
    'file:///%00',
    '',
  ])('is not named where it is %j', (other) => {
    expect(droppedMentions([other], one, files)).toEqual({
      text: '',
      hint: 'Drop files and folders that were read: this one was not.',
    });
  });

  it('is counted where several were not read', () => {
    const { text, hint } = droppedMentions([uri('x'), uri('y'), uri('src', 'a.ts')], one, files);
    expect(text).toBe('@src/a.ts');
    expect(hint).toBe('Drop files and folders that were read: 2 of these were not.');
  });

  it('waits for a memory', () => {
    expect(droppedMentions([uri('src', 'a.ts')], [], null)).toEqual({
      text: '',
      hint: 'Read this repository first, then drop files.',
    });
  });
});
