import { join, sep } from 'node:path';
import { expect, it } from 'vitest';
import { longestDocument, mostDocuments } from '../../protocol/requests/ask.ts';
import { unsavedDocuments } from './unsaved-documents.ts';
import type { EditedDocument } from './unsaved-documents.ts';

const root = join(sep, 'repo');

function document(name: string, change: Partial<EditedDocument> = {}): EditedDocument {
  const uri = { scheme: 'file', fsPath: join(root, name) };
  return { isDirty: true, uri, getText: () => name, ...change };
}

it('are the edited files of the roots, no larger and no more than a question takes', () => {
  const some = [
    document('a.ts'),
    document('saved.ts', { isDirty: false }),
    document('src/b.ts'),
    document('large.ts', { getText: () => 'x'.repeat(longestDocument + 1) }),
    document('out.ts', { uri: { scheme: 'file', fsPath: join(sep, 'other', 'out.ts') } }),
    document('new.ts', { uri: { scheme: 'untitled', fsPath: 'new.ts' } }),
  ];
  expect(unsavedDocuments(some, [{ name: '', path: root }])).toEqual([
    { path: 'a.ts', text: 'a.ts' },
    { path: 'src/b.ts', text: 'src/b.ts' },
  ]);
  const many = Array.from({ length: 30 }, (_, index) => document(`${String(index)}.ts`));
  const taken = unsavedDocuments(many, [{ name: 'repo', path: root }]);
  expect(taken).toHaveLength(mostDocuments);
  expect(taken.at(-1)?.path).toBe('repo/29.ts');
});
