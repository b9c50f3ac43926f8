/** The views' page with the addresses that the editor gives to its files. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from './page-html.ts';

/** The folder of the bundled scripts, styles and fonts of the views: all that they may load. */
export function pageResources(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** The page of a view, for its webview. */
export function renderPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  view: string,
): string {
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageResources(extensionUri), name)).toString();
  return pageHtml({
    view,
    nonce: randomBytes(16).toString('base64url'),
    source: webview.cspSource,
    scriptAddress: resource(`${view}.js`),
    styleAddress: resource('style.css'),
  });
}
