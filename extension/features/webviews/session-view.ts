/** Converts the session's state to what the views show. */

import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenResult } from '../../protocol/requests/open.ts';
import type { SkippedFile } from '../../protocol/skipped-file.ts';
import type { MemorySummary, SessionView, SkippedGroup } from '../../protocol/webview.ts';

/**
 * Returns what the views show of a state.
 * @param changedFiles the number of files changed since they were read
 * @param outdated the settings that have changed since the memory was read
 */
export function toSessionView(
  state: SessionState,
  hasFolder: boolean,
  changedFiles = 0,
  outdated: string | null = null,
): SessionView {
  switch (state.kind) {
    case 'idle':
      return hasFolder ? state : { kind: 'no-folder' };
    case 'ready':
      return {
        kind: 'ready',
        summary: { ...summarise(state.result, state.notice, changedFiles), outdated },
      };
    case 'reading': {
      const { result, ...reading } = state;
      return {
        ...reading,
        summary: result === null ? null : summarise(result, null, changedFiles),
      };
    }
    default:
      return state;
  }
}

/** Returns the figures of a memory, without its list of files. */
function summarise(result: OpenResult, notice: string | null, changedFiles: number): MemorySummary {
  return {
    model: result.model.name,
    bundled: result.model.bundled,
    suggestions: [...result.suggestions],
    device: result.gpu,
    policy: result.refined ? `${result.policy}, refined` : result.policy,
    files: result.repository.files,
    tokens: result.repository.tokens,
    totalFiles: result.repository.totalFiles,
    totalTokens: result.repository.totalTokens,
    heldTokens: result.memory.heldTokens,
    budgetTokens: result.budget.tokens,
    heldBytes: result.memory.logicalBytes,
    kvBytes: result.memory.kvBytes,
    budgetBytes: result.budget.bytes,
    workingBytes: result.memory.workingBytes,
    readSeconds: result.timings.ingestMs / 1000,
    tokensPerSecond: result.timings.ingestTokensPerSecond,
    complete: result.complete,
    alert: notice,
    outdated: null,
    notices: [...result.notices],
    skipped: groupSkipped(result.skipped),
    changedFiles,
  };
}

/** The number of paths listed per reason; the count covers all. */
const listedPaths = 100;

/** Groups by reason, in the order of first appearance. */
export function groupSkipped(skipped: readonly SkippedFile[]): SkippedGroup[] {
  const groups = new Map<string, { count: number; paths: string[]; details: string[] }>();
  for (const { path, reason, detail } of skipped) {
    const group = groups.get(reason) ?? { count: 0, paths: [], details: [] };
    group.count += 1;
    if (group.paths.length < listedPaths) {
      group.paths.push(path);
      group.details.push(detail ?? '');
    }
    groups.set(reason, group);
  }
  return [...groups].map(([reason, group]) => ({ reason, ...group }));
}
