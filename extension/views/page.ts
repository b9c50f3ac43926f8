/** The one HTML page that all views load. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export type ViewName = 'chat' | 'memory' | 'quality';

/** The folder of the bundled scripts, styles and fonts of the views: all that they may load. */
export function pageResources(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/**
 * The page of a view. Nothing runs in it but the one script of this nonce, and nothing is loaded
 * from anywhere but the extension's own folder.
 */
export function renderPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  view: ViewName,
): string {
  const nonce = randomBytes(16).toString('base64url');
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageResources(extensionUri), name)).toString();
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource('style.css')}">
<title>Loci</title>
</head>
<body class="${view}" data-view="${view}">
<div id="root"></div>
<script nonce="${nonce}" src="${resource('main.js')}"></script>
</body>
</html>`;
}
