import { describe, expect, it } from 'vitest';
import { RepositoryError } from '../memory/repository-error.ts';
import {
  cancelled,
  EngineError,
  isCancellation,
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

  it('reports what nobody foresaw with its own message', () => {
    const unforeseen = Object.assign(new Error('x is undefined'), { code: 'ERR_OTHER' });
    expect(toEngineError(unforeseen)).toMatchObject({ code: 'internal', cause: unforeseen });
    expect(toEngineError(unforeseen).message).toContain('x is undefined');
    expect(toEngineError(7).message).toContain('7');
  });
});
