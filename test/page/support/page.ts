/** The views' real page in a real browser, with a simulated editor. */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { pageHtml } from '../../../extension/features/webviews/page-html.ts';
import { fromViewSchema } from '../../../extension/protocol/webview.ts';
import type { FromView } from '../../../extension/protocol/webview.ts';
import { artifactsDirectory, fromRoot } from '../../../scripts/support/paths.mjs';
import { launchBrowser } from '../../e2e/support/browser.ts';
import { themes } from './themes.ts';
import type { ThemeName } from './themes.ts';

const origin = 'https://loci.invalid';
const resources = fromRoot('dist', 'webview');
const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** The editor's API in the page, which records the view's messages. */
const editorApi = `
  (() => {
    const posted = [];
    let state;
    globalThis.lociPosted = posted;
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => { posted.push(structuredClone(message)); },
      getState: () => state,
      setState: (next) => { state = next; },
    });
  })();
`;

/** One browser for all pages of a test file; each page has its own context. */
let launched: Promise<Browser> | null = null;
afterAll(async () => {
  const browser = await launched;
  launched = null;
  await browser?.close();
});

export interface PageOptions {
  readonly theme?: ThemeName;
  readonly view?: string;
  /** In CSS pixels; a zoomed window has fewer and larger ones. */
  readonly width?: number;
  readonly height?: number;
  readonly zoom?: number;
}

/** A view that receives messages from the test; by default the chat. */
export class ViewPage {
  readonly page: Page;
  /** What must never happen: exceptions, violations of the policy, network requests. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** Opens the page as in the editor. */
  static async open(options: PageOptions = {}): Promise<ViewPage> {
    const { theme = 'dark', view = 'chat', width = 360, height = 800, zoom = 1 } = options;
    launched ??= launchBrowser();
    const browser = await launched;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: zoom,
    });
    const page = await context.newPage();
    const chat = new ViewPage(context, page);
    page.on('pageerror', (error) => chat.faults.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') chat.faults.push(`console: ${message.text()}`);
    });
    page.on('dialog', (dialog) => {
      chat.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await context.route('**/*', async (route) => {
      const { origin: asked, pathname } = new URL(route.request().url());
      const name = path.basename(pathname);
      if (asked === origin && pathname === '/') {
        await route.fulfill({ contentType: 'text/html', body: viewHtml(view) });
      } else if (asked === origin && [`${view}.js`, 'style.css', 'codicon.ttf'].includes(name)) {
        const contentType = contentTypes[path.extname(name)] ?? 'text/plain';
        await route.fulfill({ contentType, body: await readFile(path.join(resources, name)) });
      } else {
        // The browser requests this one by itself.
        if (name !== 'favicon.ico') chat.faults.push(`request: ${route.request().url()}`);
        await route.abort();
      }
    });
    await page.addInitScript(editorApi);
    await page.goto(`${origin}/`);
    await chat.setTheme(theme);
    return chat;
  }

  /** Sets the colours that the editor defines for its views. */
  async setTheme(theme: ThemeName): Promise<void> {
    const { bodyClasses, variables } = themes[theme];
    await this.page.evaluate(
      ([names, entries]) => {
        document.body.classList.remove(
          ...[...document.body.classList].filter((other) => other.startsWith('vscode-')),
        );
        document.body.classList.add(...names);
        document.documentElement.removeAttribute('style');
        for (const [key, value] of entries) document.documentElement.style.setProperty(key, value);
      },
      [bodyClasses, Object.entries(variables)] as const,
    );
  }

  /**
   * Sends messages and waits until they are drawn.
   * @returns the duration in milliseconds
   */
  async send(...messages: readonly unknown[]): Promise<number> {
    return this.page.evaluate(async (sent) => {
      const start = performance.now();
      for (const message of sent) {
        window.dispatchEvent(new MessageEvent('message', { data: message }));
      }
      const frame = (): Promise<void> =>
        new Promise((resolve) => {
          requestAnimationFrame(() => {
            resolve();
          });
        });
      await frame();
      // The first frame's drawing is laid out when the second frame begins.
      await frame();
      return performance.now() - start;
    }, messages);
  }

  /** Returns the view's messages since the last call. */
  async posted(): Promise<FromView[]> {
    const messages = await this.page.evaluate(() => {
      const { lociPosted } = globalThis as unknown as { lociPosted: unknown[] };
      return lociPosted.splice(0);
    });
    return messages.map((message) => fromViewSchema.parse(message));
  }

  /** Saves a picture of the page to the test artefacts. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(artifactsDirectory, 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  /** Closes the page and everything that it opened. @throws Error if it had a fault */
  async close(): Promise<void> {
    await this.#context.close();
    if (this.faults.length > 0) throw new Error(`The page had faults: ${this.faults.join('; ')}`);
  }
}

function viewHtml(view: string): string {
  return pageHtml({
    view,
    nonce: randomBytes(16).toString('base64url'),
    source: origin,
    scriptAddress: `${origin}/${view}.js`,
    styleAddress: `${origin}/style.css`,
  });
}
