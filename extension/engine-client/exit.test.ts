import { describe, expect, it } from 'vitest';
import { describeExit } from './exit.ts';

describe('describeExit', () => {
  it('names the signal and the phase, and repeats nothing that the engine said', () => {
    expect(
      describeExit(
        { code: null, signal: 'SIGKILL', lastError: 'GGML_ASSERT(x) failed' },
        'answering',
      ),
    ).toBe('The engine was killed (SIGKILL; possibly out of memory) while answering.');
    expect(
      describeExit(
        { code: null, signal: 'SIGSEGV', lastError: 'GGML_ASSERT(x) failed' },
        'reading',
      ),
    ).toBe('The engine crashed (SIGSEGV) while reading the repository.');
  });

  it('names the exit code', () => {
    expect(
      describeExit({ code: 134, signal: null, lastError: 'GGML_ASSERT(x) failed' }, 'loading'),
    ).toBe('The engine stopped with exit code 134 while loading the model.');
    expect(
      describeExit({ code: null, signal: null, lastError: 'GGML_ASSERT(x) failed' }, 'starting'),
    ).toBe('The engine stopped with exit code unknown while it started.');
  });
});
