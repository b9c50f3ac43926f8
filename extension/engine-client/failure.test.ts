import { expect, it } from 'vitest';
import { EngineRequestError } from './client.ts';
import { failureDetail, failureSentence } from './failure.ts';

const unexpected = 'Loci failed unexpectedly. See the log for the cause.';

it.each<[unknown, string, string]>([
  [
    new EngineRequestError('no-folder', 'Open a folder first.'),
    'Open a folder first.',
    'Open a folder first.',
  ],
  [
    new TypeError("Cannot read properties of undefined (reading 'x')"),
    unexpected,
    'TypeError: Cannot read',
  ],
  [new Error('Unable to write into user settings. Please…'), unexpected, 'Unable to write into'],
  ['a text that was thrown', unexpected, 'a text that was thrown'],
  [undefined, unexpected, 'undefined'],
  [
    Object.assign(new Error("EACCES: permission denied, open '/a'"), {
      code: 'EACCES',
      syscall: 'open',
      path: '/a',
    }),
    '/a cannot be used: permission is denied.',
    'EACCES: permission denied',
  ],
])('%s: our sentence for the user, theirs for the log', (error, sentence, detail) => {
  expect(failureSentence(error)).toBe(sentence);
  expect(failureDetail(error)).toContain(detail);
});
