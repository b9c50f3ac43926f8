import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { nativeErrorCodes } from './errors.ts';

it('knows the codes of the native addon, in its order', async () => {
  const source = await readFile(
    new URL('../../native-kernels/core/error.cpp', import.meta.url),
    'utf8',
  );
  const names = [...source.matchAll(/case ErrorCode::\w+: return "([^"]+)";/gu)].map(
    ([, name]) => name,
  );
  expect(names).toEqual([...nativeErrorCodes]);
});
