import { describe, expect, it } from 'vitest';
import { statedAt } from './stated-answer.ts';

const value = (name: string, answer: string, ...lines: string[]): number | null =>
  statedAt({ form: 'value', name }, answer, lines);
const module = (name: string, answer: string, ...lines: string[]): number | null =>
  statedAt({ form: 'import', name }, answer, lines);

describe('statedAt, for values', () => {
  it.each([
    ['limit', '5', 'export const limit = 5;'],
    ['limit', '5', 'const limit: number = 5;'],
    ['LIMIT', '-3.5e2', 'LIMIT = -3.5e2  # low'],
    ['name', 'a b', `  name: "a b",`],
    ['name', 'a b', `  'name': 'a b',`],
    ['LIMIT', '0x1F', '#define LIMIT 0x1F'],
    ['limit', '12u64', 'const limit: u64 = 12u64;'],
    ['url', 'http://a:80/?b=c', `  url: 'http://a:80/?b=c',`],
    ['url', 'a=b', `const url: string = 'a=b';`],
    ['$limit', '8', 'var $limit = 8'],
  ])('%s is %s in %j', (name, answer, line) => {
    expect(value(name, answer, line)).toBe(0);
  });

  it('finds a value on the line below its name', () => {
    expect(value('text', 'long', '', 'const text =', "  'long';")).toBe(1);
  });

  it.each([
    ['a part of the literal', 'limit', '50', 'const limit = 500;'],
    ['a part of the text', 'text', 'hello', `const text = 'hello world';`],
    ['the value of a longer name', 'int16', '2', '  uint16: 2, int16: 3,'],
    ['another value on the line', 'a', '2', 'const a = 1, b = 2;'],
    ['a comparison', 'limit', '5', 'if (limit === 5) return;'],
    ['a call', 'limit', '5', 'const limit = compute(5);'],
    ['an escaped text', 'text', 'a', String.raw`const text = 'a\'b';`],
    ['nothing', 'limit', '', 'const limit = 5;'],
  ])('is not content with %s', (_, name, answer, line) => {
    expect(value(name, answer, line)).toBeNull();
  });
});

describe('statedAt, for imports', () => {
  it.each([
    ['Journal', './journal.ts', `import { Journal } from './journal.ts';`],
    ['http', 'node:http', `import http from "node:http";`],
    ['run', './run', `const { run } = require('./run');`],
    ['Job', 'rondo.jobs', 'from rondo.jobs import Job, finish'],
  ])('%s is from %s in %j', (name, answer, line) => {
    expect(module(name, answer, line)).toBe(0);
  });

  it.each([
    ['Journal', './journal', `import { Journal } from './journal.ts';`],
    ['Jour', './journal.ts', `import { Journal } from './journal.ts';`],
    ['Journal', './a.ts', `const Journal = './a.ts';`],
  ])('refuses %s from %s', (name, answer, line) => {
    expect(module(name, answer, line)).toBeNull();
  });
});

it('states nothing of other forms', () => {
  expect(statedAt({ form: 'file', name: 'a' }, 'a.ts', ['const a = "a.ts";'])).toBeNull();
});
