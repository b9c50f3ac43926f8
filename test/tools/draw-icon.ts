/**
 * Draws the extension's icon, `docs/images/icon.png`, from the outline of its view.
 *
 *     npx tsx test/tools/draw-icon.ts
 */
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { fromRoot } from '../../scripts/support/paths.mjs';

const size = 128;

const outline = (await readFile(fromRoot('webview', 'loci.svg'), 'utf8')).replace(
  /width="24" height="24"/u,
  'width="92" height="92"',
);
const page = `<!DOCTYPE html><body style="margin:0"><div style="display:grid;place-items:center;
  width:${String(size)}px;height:${String(size)}px;border-radius:24px;color:#fff;
  background:linear-gradient(160deg,#2f6f8f,#17324d)">${outline}</div></body>`;
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const view = await browser.newPage({ viewport: { width: size, height: size } });
await view.setContent(page);
await view.screenshot({
  path: fromRoot('docs', 'images', 'icon.png'),
  omitBackground: true,
});
await browser.close();
