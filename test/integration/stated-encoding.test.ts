/** An encoding that the user states comes from the request to the text that is read. */
import { expect, it } from 'vitest';
import type { OpenResult } from '../../extension/protocol/requests/open.ts';
import { encode } from '../fixtures/encode.ts';
import { never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const text = '// 値\nexport const retryLimit = 4821;\n';
const encodings = [{ root: null, names: [], encoding: 'shift_jis' }];

/** Without the repository's own header, whose name is drawn anew. */
const tokensOf = ({ files }: OpenResult): number | undefined => files[0]?.tokens;

it('is read as the same text in UTF-8 is, and is read again where the statement changes', async () => {
  const stated = await folderOf({ 'limits.ts': encode(text, 'shift_jis') });
  const unicode = await folderOf({ 'limits.ts': text });
  const { session } = await startEngine();
  const expected = await session.open(opening(unicode), never);
  const guessed = await session.open(opening(stated), never);
  expect(tokensOf(guessed)).not.toBe(tokensOf(expected));
  expect(await session.adopt(opening(stated), never)).toMatchObject({ kind: 'taken' });
  expect(await session.adopt(opening(stated, { encodings }), never)).toEqual({
    kind: 'reading',
    growth: null,
  });
  const opened = await session.open(opening(stated, { encodings }), never);
  expect(tokensOf(opened)).toBe(tokensOf(expected));
});
