/** Messages of other programs' errors reach only the log, never the user. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/support/paths.mjs';

const files = execFileSync('git', ['ls-files', '-z', 'extension', 'webview'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

const words = /\b(?:error|reason|failure|cause)\.(?:message|stack)\b|String\((?:error|reason)\)/u;
/** Code that writes to a log: ours, a view's, or output that a log keeps. */
const toLog = /\blog\.|\blog\(|fault\(|onOutput\(|onLog\(|stderr\.write/u;

/** Files that handle such texts differently, and why. */
const known: Readonly<Record<string, string>> = {
  'extension/cli/command.ts': 'finds the option that node names',
  'extension/cli/main.ts': 'sentences of ours; a stack with --verbose alone',
  'extension/cli/mcp/server.ts': 'an ArgumentError of ours',
  'extension/engine-client/engine-process.ts': 'the last words, which go to the log',
  'extension/engine-client/failure.ts': 'tells the one from the other',
  'extension/engine/core/errors.ts': 'tells the one from the other',
  'extension/engine/keeping/keeper.ts': 'a sentence of toEngineError, for the log',
  'extension/engine/native/trial-process.ts': 'the detail, which goes to the log',
  'extension/engine/server.ts': 'an EngineError',
  'extension/models/validate.ts': 'errors of our own classes',
  'extension/quality/measure.ts': 'an EngineRequestError',
  'webview/chat/incoming.ts': 'faults, which go to the log',
};

it('is looked at in the files that are known to, and no other', () => {
  const found = files.filter((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .some((line) => words.test(line) && !toLog.test(line)),
  );
  expect(found.sort()).toEqual(Object.keys(known).sort());
});
