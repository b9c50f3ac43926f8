import { describe, expect, it } from 'vitest';
import { Announcer } from './announce.ts';

describe('Announcer', () => {
  it('says whole sentences, each once, and the rest at the end', () => {
    const announcer = new Announcer();
    expect(announcer.next('It is', false)).toBe('');
    expect(announcer.next('It is 4. And', false)).toBe('It is 4.');
    expect(announcer.next('It is 4. And then', false)).toBe('');
    expect(announcer.next('It is 4. And then\n- a', false)).toBe('And then');
    expect(announcer.next('It is 4. And then\n- a', true)).toBe('- a');
    expect(announcer.next('It is 4. And then\n- a', true)).toBe('');
  });

  it('does not stop inside a number or a path', () => {
    const announcer = new Announcer();
    expect(announcer.next('3.14 in src/a.ts:7', false)).toBe('');
    expect(announcer.next('3.14 in src/a.ts:7', true)).toBe('3.14 in src/a.ts:7');
  });

  it('copes with a text that became shorter', () => {
    const announcer = new Announcer();
    announcer.next('It is 4. ', false);
    expect(announcer.next('It', true)).toBe('');
  });
});
