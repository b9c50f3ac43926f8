/** Files and folders that are dragged into the question: the host says how a question names them. */

import { longestUri, mostDropped } from '../../extension/protocol/webview.ts';

/** The editor's own list comes first: browsers change the other one. */
const types = ['application/vnd.code.uri-list', 'text/uri-list'];

/**
 * Takes what is dropped on an element, if it is of the editor's files; text stays text.
 * @param enabled whether there is something to ask about
 * @param onDrop called with the addresses
 */
export function acceptFiles(
  target: HTMLElement,
  enabled: () => boolean,
  onDrop: (uris: string[]) => void,
): void {
  const mark = (on: boolean): void => {
    target.classList.toggle('dropping', on);
  };
  target.addEventListener('dragover', (event) => {
    const { dataTransfer } = event;
    // What it is may be read only when it is dropped.
    if (dataTransfer === null || !enabled()) return;
    if (!types.some((type) => dataTransfer.types.includes(type))) return;
    event.preventDefault();
    dataTransfer.dropEffect = 'copy';
    mark(true);
  });
  target.addEventListener('dragleave', () => {
    mark(false);
  });
  target.addEventListener('drop', (event) => {
    mark(false);
    const uris = enabled() ? urisOf(event.dataTransfer) : [];
    if (uris.length === 0) return;
    event.preventDefault();
    onDrop(uris);
  });
}

/** The addresses of files, without those of anything else. */
function urisOf(data: DataTransfer | null): string[] {
  for (const type of types) {
    const uris = (data?.getData(type) ?? '')
      .split(/\r?\n/u)
      .filter((uri) => /^(?:file|vscode-remote):\/\//u.test(uri) && uri.length <= longestUri);
    if (uris.length > 0) return uris.slice(0, mostDropped);
  }
  return [];
}
