import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { RepositoryError } from '../../repository/disk/repository-error.ts';
import {
  cancelled,
  EngineError,
  isCancellation,
  othersWords,
  throwIfCancelled,
  toEngineError,
} from './errors.ts';

describe('isCancellation', () => {
  it('knows every way to be stopped on purpose', () => {
    const controller = new AbortController();
    controller.abort();
    expect(isCancellation(controller.signal.reason)).toBe(true);
    expect(isCancellation(cancelled())).toBe(true);
    expect(isCancellation(Object.assign(new Error('stopped'), { code: 'cancelled' }))).toBe(true);
    expect(() => {
      throwIfCancelled(controller.signal);
    }).toThrow(EngineError);
  });

  it('takes nothing else for it', () => {
    expect(isCancellation(new Error('cancelled'))).toBe(false);
    expect(isCancellation('cancelled')).toBe(false);
    expect(isCancellation(undefined)).toBe(false);
  });
});

describe('toEngineError', () => {
  it('keeps the codes and sentences of the addon and of the repository', () => {
    const native = Object.assign(new Error('The tail is full.'), { code: 'tail-full' });
    expect(toEngineError(native)).toMatchObject({
      code: 'tail-full',
      message: 'The tail is full.',
      cause: native,
    });
    const missing = new RepositoryError('repository-not-found', 'There is no folder /x.');
    expect(toEngineError(missing)).toMatchObject({
      code: 'repository-not-found',
      message: 'There is no folder /x.',
    });
  });

  it('gives an unexpected error a sentence of ours, and keeps it as the cause', () => {
    const unforeseen = [
      Object.assign(new Error('x is undefined'), { code: 'ERR_OTHER' }),
      Object.assign(new Error('std::bad_function_call'), { code: 'internal' }),
      new TypeError('Cannot read properties of undefined'),
      7,
    ];
    for (const cause of unforeseen) {
      expect(toEngineError(cause)).toMatchObject({
        code: 'internal',
        message: 'The engine failed unexpectedly. See the log for the cause.',
        cause,
      });
    }
  });

  it('names the file of a failed call, and memory that ran out', async () => {
    const missing: unknown = await readFile('/no/such\u001bfile').catch((error: unknown) => error);
    expect(toEngineError(missing).message).toBe(
      '/no/such\uFFFDfile cannot be used: it does not exist.',
    );
    let tooLong: unknown;
    try {
      'x'.repeat(2 ** 30);
    } catch (error) {
      tooLong = error;
    }
    expect(toEngineError(tooLong)).toMatchObject({
      code: 'out-of-memory',
      message: 'There is not enough memory.',
    });
  });
});

describe('othersWords', () => {
  const native = (message: string): Error =>
    Object.assign(new Error(message), { code: 'runtime-not-found' });
  it.each<[string, unknown, string, RegExp | null]>([
    [
      'a sentence of the addon',
      native('The library a is missing.'),
      'The library a is missing.',
      null,
    ],
    [
      'a sentence of the addon and the words of the loader',
      native('The library a could not be loaded.\nlibc.so.7: no such file'),
      'The library a could not be loaded.',
      /libc\.so\.7/u,
    ],
    ['our own error', new EngineError('tail-full', 'It is full.'), 'It is full.', null],
    ['a cancellation', cancelled(new Error('AbortError')), 'Cancelled.', null],
    [
      'an unexpected error',
      new TypeError('x is undefined'),
      'The engine failed unexpectedly. See the log for the cause.',
      /x is undefined/u,
    ],
    [
      'memory that ran out',
      new RangeError('Array buffer allocation failed'),
      'There is not enough memory.',
      /allocation failed/u,
    ],
    [
      'a sentence about what others said',
      new EngineError('addon-broken', 'It cannot be loaded.', { cause: new Error('GLIBC_2.99') }),
      'It cannot be loaded.',
      /GLIBC_2\.99/u,
    ],
  ])('are for the log alone: %s', (_, error, sentence, words) => {
    const failure = toEngineError(error);
    expect(failure.message).toBe(sentence);
    if (words === null) expect(othersWords(failure)).toBeNull();
    else expect(othersWords(failure)).toMatch(words);
  });
});
