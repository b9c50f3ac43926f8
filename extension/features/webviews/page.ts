/** The views' page, with the editor's URIs for its files. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from './page-html.ts';

/** The folder of the views' scripts, styles and fonts, the only one from which they may load. */
export function pageResources(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** Renders the page of a view for its webview. */
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
