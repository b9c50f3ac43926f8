/** The HTML page that all views load, as text. */

export interface PageParts {
  /** The folder of its script in `webview`: lower-case letters and hyphens. */
  readonly view: string;
  /** Random letters and digits, new for each page. */
  readonly nonce: string;
  /** The source of styles and fonts for the content security policy. */
  readonly source: string;
  readonly scriptAddress: string;
  readonly styleAddress: string;
}

/**
 * Returns the page of a view. Only the script with this nonce runs in it, and everything is loaded
 * from the extension's own folder.
 */
export function pageHtml({ view, nonce, source, scriptAddress, styleAddress }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${styleAddress}">
<title>Loci</title>
</head>
<body class="${view}" data-view="${view}">
<div id="root"></div>
<script nonce="${nonce}" src="${scriptAddress}"></script>
</body>
</html>`;
}
