import { expect, it } from 'vitest';
import { PathResolver } from '../../repository/recall/path-resolver.ts';
import { SearchIndex } from '../../repository/recall/search-index.ts';
import { namesOnlyUnknown } from './answer-reliably.ts';

const search = new SearchIndex();
search.add(
  'src/speed.ts',
  'export const MAX_SPEED = 5;\nexport function brake() {\n  return 1;\n}\n',
);
const resolver = new PathResolver(search.paths);

it.each([
  ['What is the value of MAX_TELEPORT_SPEED?', true],
  ['Where is `accelerate` defined?', true],
  ['What does teleportTo() do with MAX_TELEPORT_SPEED?', true],
  ['What is in src/teleport.ts?', true],
  ['What is the value of MAX_SPEED?', false],
  ['Is MAX_TELEPORT_SPEED larger than MAX_SPEED?', false],
  ['Does src/speed.ts use MAX_TELEPORT_SPEED?', false],
  ['What does this code do?', false],
  ['How does one stop?', false],
])('%s: %s', (question, only) => {
  expect(namesOnlyUnknown({ search, resolver }, question)).toBe(only);
});
