/** Loci: Delete Kept Memories. Lists what is on disk, and deletes what the user chooses. */

import * as vscode from 'vscode';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { deleteKeptRequest, keptRequest } from '../../protocol/requests/kept.ts';
import { fullCount } from '../../report/format.ts';
import { keptItems } from './kept-items.ts';

export interface DeleteKeptOptions {
  readonly session: Pick<EngineSession, 'consult'>;
  readonly log: vscode.LogOutputChannel;
  /** Where memories are kept; null: nowhere. */
  readonly folder: string | null;
}

/** The command: lets the user choose, and deletes. What goes wrong is shown, never thrown. */
export async function deleteKept({ session, log, folder }: DeleteKeptOptions): Promise<void> {
  try {
    const memories =
      folder === null
        ? []
        : await session.consult((client) => client.request(keptRequest, { folder }));
    if (folder === null || memories.length === 0) {
      void vscode.window.showInformationMessage('No memories are kept.');
      return;
    }
    const chosen = await vscode.window.showQuickPick(keptItems(memories), {
      title: 'Delete Kept Memories',
      placeHolder: 'Choose the memories to delete',
      canPickMany: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen === undefined || chosen.length === 0) return;
    const ids = chosen.map(({ memory }) => memory.id);
    const { deleted } = await session.consult((client) =>
      client.request(deleteKeptRequest, { folder, ids }),
    );
    void vscode.window.showInformationMessage(
      deleted === 1 ? 'Deleted one kept memory.' : `Deleted ${fullCount(deleted)} kept memories.`,
    );
  } catch (error) {
    log.error(failureDetail(error));
    void vscode.window.showErrorMessage(failureSentence(error));
  }
}
