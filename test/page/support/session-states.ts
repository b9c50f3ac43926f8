/** All unusual states of a session, with the longest possible texts. */

import type { Progress } from '../../../extension/protocol/notifications/progress.ts';
import type { ReadingEstimate } from '../../../extension/protocol/reading-estimate.ts';
import type { SessionView } from '../../../extension/protocol/webview.ts';
import { summary } from './look-data.ts';

const progress: Progress = {
  phase: 'reading',
  files: 3_071,
  totalFiles: 7_679,
  tokens: 6_559_638,
  totalTokens: 16_399_097,
  tokensPerSecond: 2_261,
  etaSeconds: 4_351,
  heldTokens: 1_639_909.5,
  budgetTokens: 1_639_910,
};

const reading = {
  kind: 'reading',
  cause: 'requested',
  progress,
  cancelling: false,
  notice: null,
  summary: null,
} as const;

const estimate: ReadingEstimate = {
  tokens: 16_399_097,
  seconds: 7_250,
  folders: [
    { path: 'src/vs/workbench/contrib', tokens: 6_000_000 },
    { path: 'extensions/typescript-language-features', tokens: 2_000_000 },
  ],
};

const longPath =
  '/home/someone/.local/share/models/quantised/Some-Large-Model-With-A-Long-Name-70B-Q4_K_M.gguf';

/** States by name. */
export const sessionStates: Readonly<Record<string, SessionView>> = {
  'no-folder': { kind: 'no-folder' },
  idle: { kind: 'idle' },
  counting: { kind: 'counting', files: 1_234_567 },
  proposed: { kind: 'proposed', estimate },
  loading: { ...reading, progress: { ...progress, phase: 'loading', tokens: 0, totalTokens: 0 } },
  listing: { ...reading, progress: { ...progress, phase: 'listing', tokens: 0, totalTokens: 0 } },
  measuring: {
    ...reading,
    progress: {
      ...progress,
      phase: 'measuring',
      tokens: 2_048,
      totalTokens: 8_192,
      etaSeconds: 95,
    },
  },
  reading,
  'reading-after-crash': {
    ...reading,
    cause: 'restart',
    notice: 'The engine stopped while it read the repository (signal SIGSEGV). It was restarted.',
  },
  'reading-beside-memory': { ...reading, cause: 'settings', summary },
  cancelling: { ...reading, cancelling: true },
  cancelled: { kind: 'cancelled' },
  restarting: {
    kind: 'restarting',
    message: 'The engine stopped (signal SIGSEGV). It is restarting for the third time.',
    delayMs: 4_000,
  },
  failed: {
    kind: 'failed',
    code: 'model-invalid',
    message: `The model ${longPath} cannot be read: tensor blk.79.ffn_gate_inp_shexp.weight has 1,073,741,824 bytes, and the file ends 4,096 bytes earlier. Download it again, or choose another one.`,
  },
  'failed-setting': {
    kind: 'failed',
    code: 'budget-too-small',
    message:
      'loci.memoryBudget is 12 MiB, and this model needs at least 1.5 GiB. Raise it in the settings.',
  },
};

/** States for which the file list has its own sentence or shows a previous memory. */
export const fileListStates: readonly (readonly [string, SessionView])[] = Object.entries(
  sessionStates,
).filter(([name]) => /^(?:no-folder|idle|reading|reading-beside-memory|failed)$/u.test(name));
