import { expect, it } from 'vitest';
import { nameRoots } from './root-names.ts';

function namesOf(roots: readonly string[], realPaths = roots): string[] {
  return nameRoots(roots, realPaths).map(({ name, path }) => `${name} ${path}`);
}

it.each([
  [['/x/app'], [' /x/app']],
  [['/x/app', '/x/app'], [' /x/app']],
  [
    ['/x/app', '/y/app', '/z/app-2'],
    ['app /x/app', 'app-3 /y/app', 'app-2 /z/app-2'],
  ],
  [
    ['/x/app', '/x/app/core'],
    ['app /x/app', 'core /x/app/core'],
  ],
  [
    ['/', '/root'],
    ['root /', 'root-2 /root'],
  ],
])('names %j', (roots, expected) => {
  expect(namesOf(roots)).toEqual(expected);
});

it('names a root that is a link by the link, and its folder once', () => {
  expect(namesOf(['/x/link', '/y'], ['/real/folder', '/y'])).toEqual(['link /x/link', 'y /y']);
  expect(namesOf(['/x/link', '/x/real'], ['/x/real', '/x/real'])).toEqual([' /x/link']);
});
