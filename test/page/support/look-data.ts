/** Typical data of a view, with the longest and the shortest of everything. */

import type { Answer } from '../../../extension/protocol/answer.ts';
import type { FileShare } from '../../../extension/protocol/file-share.ts';
import type { MemorySummary, Turn } from '../../../extension/protocol/webview.ts';

/** A repository whose reading was complete. */
export const summary: MemorySummary = {
  model: 'Loci bundled 3M, quantised to eight bits',
  bundled: true,
  suggestions: [
    'What is the value of DEFAULT_TIMEOUT_MILLISECONDS?',
    'Where is createConnectionPool defined?',
    'Which files import retry?',
  ],
  device: 'cpu',
  policy: 'default',
  files: 7_679,
  tokens: 16_399_097,
  totalFiles: 7_679,
  totalTokens: 16_399_097,
  heldTokens: 1_639_909.5,
  changedFiles: 0,
  budgetTokens: 1_639_910,
  heldBytes: 812_000_000,
  kvBytes: 845_000_000,
  budgetBytes: 812_100_000,
  workingBytes: 50_331_648,
  readSeconds: 7_250,
  tokensPerSecond: 2_261,
  complete: true,
  alert: null,
  outdated: null,
  notices: ['The budget of 4 GiB was lowered to what this machine has free, 812 MiB.'],
  skipped: [
    {
      reason: 'ignored',
      count: 1_204,
      paths: Array.from(
        { length: 60 },
        (_, i) => `node_modules/some-package-${String(i)}/index.js`,
      ),
    },
    { reason: 'secret', count: 1, paths: ['.env'] },
  ],
};

/** Shares and names of every length, and folders of every depth. */
export const files: readonly FileShare[] = [
  { path: 'package-lock.json', tokens: 999_949, kept: 0.00001 },
  { path: 'README.md', tokens: 3_400, kept: 1 },
  { path: 'src/vs/workbench/contrib/terminal/browser/terminal.ts', tokens: 18_250, kept: 0.374 },
  {
    path: 'src/vs/workbench/services/extensions/common/abstractExtensionServiceRegistry.test.ts',
    tokens: 100,
    kept: 0.9999,
  },
  { path: 'src/a.ts', tokens: 1, kept: 0 },
  ...Array.from({ length: 60 }, (_, i) => ({
    path: `extension/engine/stage-${String(i)}/prepare-reading-of-a-repository-${String(i)}.ts`,
    tokens: 17 * (i + 1) ** 2,
    kept: i % 4 === 0 ? 1 : i / 61,
  })),
];

const answer: Answer = {
  question: '',
  kind: 'text',
  passages: [],
  answer: '',
  citations: [],
  mentions: [],
  unknownNames: [],
  recalled: [],
  recalledShare: 0.42,
  attended: 'memory+recalled',
  reusedTokens: 0,
  earlierTurns: 0,
  seenTurns: 0,
  promptTokens: 900,
  outputTokens: 60,
  firstTokenMs: 1_240,
  tokensPerSecond: 61.2,
  stopReason: 'end',
  notices: [],
};

const path = 'src/vs/platform/connection/common/connectionPoolConfiguration.ts';

const prose = `The pool keeps at most \`MAXIMUM_IDLE_CONNECTIONS_PER_HOST\` connections, as \`${path}:41\` says:

\`\`\`typescript
export const MAXIMUM_IDLE_CONNECTIONS_PER_HOST = Number(process.env.MAX_IDLE ?? '16');
export const short = 1;
\`\`\`

1. It opens one when a request comes.
2. It closes one after five idle minutes.

| Setting | Value |
|---|---|
| idle | 5 min |
| MAXIMUM_IDLE_CONNECTIONS_PER_HOST | 16 |
`;

/** A text, passages, an answer after reasoning that saw no earlier turn, a stopped answer, a failure and an answer that is being written. */
export const turns: readonly Turn[] = [
  {
    id: 1,
    question: 'How many connections does MAXIMUM_IDLE_CONNECTIONS_PER_HOST allow?',
    answer: prose,
    status: {
      kind: 'done',
      result: {
        ...answer,
        answer: prose,
        mentions: [{ text: `${path}:41`, path, fromLine: 41, toLine: 41 }],
        citations: [{ path, line: 41 }],
        unknownNames: ['MAX_BUSY_CONNECTIONS_PER_HOST_AND_PORT'],
        recalled: [
          { path, fromLine: 30, toLine: 60, tokens: 420, signal: 'both' },
          { path: 'src/a.ts', fromLine: 1, toLine: 9, tokens: 80, signal: 'attention' },
        ],
        notices: ['src/a.ts has changed since it was read.'],
      },
    },
  },
  {
    id: 2,
    question: 'Why does it close them?',
    answer: 'These passages fit best.',
    status: {
      kind: 'done',
      result: {
        ...answer,
        kind: 'passages',
        answer: 'These passages fit best.',
        passages: [
          {
            path,
            fromLine: 40,
            toLine: 42,
            line: 41,
            text: '// An idle connection costs a file descriptor, and hosts close it anyway.\nexport const IDLE_MS = 300_000;\n',
          },
        ],
      },
    },
  },
  {
    id: 5,
    question: 'Say so in one sentence.',
    answer: 'Hosts close an idle connection anyway.',
    status: {
      kind: 'done',
      result: {
        ...answer,
        ...{ answer: 'Hosts close an idle connection anyway.', earlierTurns: 1 },
        reasoning: {
          text: 'The user wants one sentence.\nMAXIMUM_IDLE_CONNECTIONS_PER_HOST_AND_PORT_AND_PROTOCOL says why.',
          ...{ tokens: 1_024, cut: true },
        },
      },
    },
  },
  { id: 3, question: 'And who uses it?', answer: 'The', status: { kind: 'stopped' } },
  {
    id: 4,
    question: 'Where is it?',
    answer: '',
    status: { kind: 'failed', message: 'The engine stopped while it answered. Ask again.' },
  },
];
