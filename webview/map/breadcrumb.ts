/** Where the map is: the folders around what is shown. */

import { element, fill } from '../common/dom.ts';
import type { FolderNode } from './file-tree.ts';
import { titleOf } from './describe.ts';

/** A button for each folder above, and the name of the one that is shown. */
export class Breadcrumb {
  readonly #list = element('ol', {});
  readonly root = element('nav', { class: 'map-breadcrumb', label: 'Folder' }, this.#list);
  readonly #onPick: (folder: FolderNode) => void;

  /** @param onPick called with a folder to show */
  constructor(onPick: (folder: FolderNode) => void) {
    this.#onPick = onPick;
  }

  /** Shows the way to a folder. @param trail from the root on */
  update(trail: readonly FolderNode[]): void {
    const items = trail.map((folder, index) => {
      const name = folder.name === '' ? titleOf(folder) : folder.name;
      if (index === trail.length - 1) {
        return element('li', { attributes: { 'aria-current': 'location' } }, name);
      }
      const made = element(
        'button',
        {
          class: 'button link',
          onClick: () => {
            this.#onPick(folder);
          },
        },
        name,
      );
      made.type = 'button';
      return element('li', {}, made);
    });
    fill(this.#list, ...items);
  }
}
