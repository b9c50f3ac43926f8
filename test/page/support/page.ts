/** The views' real page in a real browser, with a simulated editor. */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { pageHtml } from '../../../extension/features/webviews/page-html.ts';
import { fromViewSchema } from '../../../extension/protocol/webview.ts';
import type { FromView } from '../../../extension/protocol/webview.ts';
import { artifactsDirectory, fromRoot } from '../../../scripts/support/paths.mjs';
import { connectToBrowser } from '../../e2e/support/browser.ts';
import { fullRun } from '../../tools/full-run.ts';
import { themes } from './themes.ts';
import type { ThemeName } from './themes.ts';

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

/** A page of the browser, which one view after the other is shown in. */
interface Tab {
  readonly zoom: number;
  readonly page: Page;
  /** The view that it shows, while one is open. */
  shown: { readonly name: string; readonly faults: string[] } | null;
}

interface Surroundings {
  readonly browser: Browser;
  readonly server: Server;
  readonly origin: string;
}

let started: Promise<Surroundings> | null = null;
const tabs: Tab[] = [];
afterAll(async () => {
  const surroundings = await started;
  started = null;
  tabs.length = 0;
  await surroundings?.browser.close();
  surroundings?.server.closeAllConnections();
  surroundings?.server.close();
});

async function surround(): Promise<Surroundings> {
  const server = createServer((request, response) => {
    answer(request.url ?? '', response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('No port.');
  const origin = `http://127.0.0.1:${String(address.port)}`;
  return { browser: await connectToBrowser(), server, origin };
}

/** The page of a view, or one of its resources, which the browser keeps from one page to the next. */
async function answer(url: string, response: ServerResponse): Promise<void> {
  const type = contentTypes[path.extname(url)];
  if (type === undefined) {
    const html = viewHtml(path.basename(url), `http://${response.req.headers.host ?? ''}`);
    response.setHeader('content-type', 'text/html').end(html);
    return;
  }
  response.setHeader('content-type', type).setHeader('cache-control', 'max-age=3600');
  response.end(await readFile(path.join(resources, path.basename(url))));
}

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
  /** What must never happen: exceptions, violations of the policy, requests to anywhere. */
  readonly faults: readonly string[];
  readonly #tab: Tab;

  private constructor(tab: Tab, faults: readonly string[]) {
    this.#tab = tab;
    this.page = tab.page;
    this.faults = faults;
  }

  /** Loads the page as the editor shows it. */
  static async open(options: PageOptions = {}): Promise<ViewPage> {
    const { theme = 'dark', view = 'chat', width = 360, height = 800, zoom = 1 } = options;
    const free = tabs.find((tab) => tab.zoom === zoom && tab.shown === null);
    const { origin } = await (started ??= surround());
    const tab = free ?? (await openTab(zoom));
    const faults: string[] = [];
    tab.shown = { name: view, faults };
    await tab.page.setViewportSize({ width, height });
    // Nothing stays of the view that was shown before.
    await tab.page.goto(`${origin}/${view}`);
    const opened = new ViewPage(tab, faults);
    await opened.setTheme(theme);
    return opened;
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

  /** Keeps a picture of the page among the test artefacts, in a full run. */
  async screenshot(name: string): Promise<void> {
    if (!fullRun) return;
    const folder = path.join(artifactsDirectory, 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  /** Lets another view have the page. @throws Error where this one had a fault */
  async close(): Promise<void> {
    // What the page has to say until now has been heard once it answers.
    await this.page.evaluate('0');
    this.#tab.shown = null;
    if (this.faults.length > 0) throw new Error(`The page had faults: ${this.faults.join('; ')}`);
  }
}

async function openTab(zoom: number): Promise<Tab> {
  const { browser, origin } = await (started ??= surround());
  const context = await browser.newContext({ deviceScaleFactor: zoom });
  const page = await context.newPage();
  const tab: Tab = { zoom, page, shown: null };
  const fault = (text: string): void => {
    tab.shown?.faults.push(text);
  };
  page.on('pageerror', (error) => {
    fault(`exception: ${error.message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') fault(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    fault(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    const view = tab.shown?.name ?? 'none';
    const ours = [view, `${view}.js`, 'style.css', 'codicon.ttf'];
    if (url.origin !== origin || !ours.includes(path.basename(url.pathname))) {
      fault(`request: ${request.url()}`);
    }
  });
  await page.addInitScript(editorApi);
  tabs.push(tab);
  return tab;
}

function viewHtml(view: string, origin: string): string {
  return pageHtml({
    view,
    nonce: randomBytes(16).toString('base64url'),
    source: origin,
    scriptAddress: `${origin}/${view}.js`,
    styleAddress: `${origin}/style.css`,
  });
}
