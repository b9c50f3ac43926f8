/** The walkthrough, once. */

import * as vscode from 'vscode';
import { defineFeature } from '../host/feature.ts';
import type { Host, Part } from '../host/feature.ts';

/** Publisher, name and the walkthrough of package.json. */
const walkthrough = 'loci.loci#start';
const shownKey = 'loci.walkthroughShown';

/** Whether the user lets extensions open their walkthroughs. */
function isWanted(): boolean {
  const page = vscode.workspace.getConfiguration('workbench.welcomePage');
  return page.get<boolean>('walkthroughs.openOnInstall', true);
}

async function showOnce({ memento, log }: Host): Promise<void> {
  if (memento.get(shownKey) === true) return;
  try {
    await memento.update(shownKey, true);
    if (isWanted()) {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough);
    }
  } catch (error) {
    // Other editors may have no walkthroughs; Help: Welcome lists this one where they do.
    log.warn(`The walkthrough could not be opened: ${String(error)}`);
  }
}

class Welcome implements Part {
  constructor(host: Host) {
    void showOnce(host);
  }

  dispose(): void {
    // The page is the editor's.
  }
}

/** Opens the walkthrough on the first start only. */
export const welcome = defineFeature({ activate: (host) => new Welcome(host) });
