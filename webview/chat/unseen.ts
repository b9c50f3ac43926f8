/** Where the turns begin that the model still sees. */

import { isWritten } from '../../extension/protocol/webview.ts';
import type { Turn } from '../../extension/protocol/webview.ts';

/**
 * Returns the number of the first turn that the model saw for its last answer, or of that answer's
 * turn if it saw none; null if it saw all of them.
 */
export function firstSeenTurn(turns: readonly Turn[]): number | null {
  const at = turns.findLastIndex(isWritten);
  const status = turns[at]?.status;
  if (status?.kind !== 'done') return null;
  const { earlierTurns, seenTurns } = status.result;
  if (seenTurns >= earlierTurns) return null;
  const seen = turns.slice(0, at).filter(isWritten).slice(-seenTurns);
  return (seenTurns === 0 ? turns[at] : seen[0])?.id ?? null;
}
