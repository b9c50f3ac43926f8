/** The extension in a real workbench, in a real browser, as a user sees it. */

import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { artifactsDirectory, fromRoot } from '../../../scripts/support/paths.mjs';
import { startWorkbench } from '../../../scripts/workbench.mjs';
import { launchBrowser } from './browser.ts';
import { until } from './until.ts';

type Clip = NonNullable<NonNullable<Parameters<Page['screenshot']>[0]>['clip']>;

export interface EditorOptions {
  readonly folder: string;
  /** Relative to the folder; opened at once. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of machine scope. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
}

const screenshots = path.join(artifactsDirectory, 'screenshots');
/** Allows for a busy machine. */
const slowMs = 300_000;
/** How long to wait for a row of the palette before it is opened again. */
const offeredMs = 10_000;

/** Matches marks with line numbers at the same height. */
const numbersOfMarked = `(() => {
  const top = (element) => Math.round(element.getBoundingClientRect().top);
  const marks = document.querySelectorAll('.editor-instance .view-overlays [class*="ced-"]');
  const tops = new Set([...marks].map(top));
  const numbers = [...document.querySelectorAll('.editor-instance .line-numbers')];
  return numbers.filter((each) => tops.has(top(each))).map((each) => Number(each.textContent));
})()`;

type Workbench = Awaited<ReturnType<typeof startWorkbench>>;

/** A window of the editor. */
export class Editor {
  readonly page: Page;
  /** Hosts other than this machine that the window contacted. */
  readonly foreignHosts: ReadonlySet<string>;
  readonly #workbench: Workbench;
  readonly #browser: Browser;

  private constructor(
    workbench: Workbench,
    browser: Browser,
    page: Page,
    foreignHosts: ReadonlySet<string>,
  ) {
    this.#workbench = workbench;
    this.#browser = browser;
    this.page = page;
    this.foreignHosts = foreignHosts;
  }

  /** Starts a workbench with temporary data and shows a folder in it. */
  static async open({ folder, file, ...options }: EditorOptions): Promise<Editor> {
    const workbench = await startWorkbench(options);
    try {
      const browser = await launchBrowser();
      const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
      const foreignHosts = watchHosts(context);
      const page = await context.newPage();
      page.setDefaultTimeout(slowMs);
      const opened = file === undefined ? undefined : path.join(folder, file);
      await page.goto(workbench.address(folder, opened));
      await page.locator('.monaco-workbench .activitybar').waitFor();
      return new Editor(workbench, browser, page, foreignHosts);
    } catch (error) {
      await workbench.stop();
      throw error;
    }
  }

  /** Closes the window and ends all its processes. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#workbench.stop();
  }

  /** Opens the extension's views from the activity bar. */
  async openLoci(): Promise<void> {
    await this.openContainer('Loci');
  }

  /** Opens a container of views by its title. */
  async openContainer(title: string): Promise<void> {
    const { page } = this;
    await page.locator(`.activitybar .action-label[aria-label^="${title}"]`).first().click();
    // Move the mouse, so that no tooltip covers anything.
    await page.mouse.move(800, 600);
  }

  /** Returns the frame of a view, once it exists. */
  async view(name: 'chat' | 'memory' | 'quality'): Promise<Frame> {
    return until(`the ${name} view`, async () => {
      for (const frame of this.page.frames()) {
        if (frame.name() !== 'active-frame' && !frame.url().includes('fake.html')) continue;
        try {
          if ((await frame.locator(`body[data-view="${name}"]`).count()) > 0) return frame;
        } catch {
          // The frame was just replaced.
        }
      }
      return null;
    });
  }

  /** Runs a command of the palette by its title, once the palette offers it. */
  async runCommand(title: string): Promise<void> {
    const rows = await this.#offered(title, '.monaco-list-row');
    await rows.first().click();
  }

  /** Runs a command that offers a list, and picks an entry. */
  async pick(title: string, choice: string): Promise<void> {
    await this.runCommand(title);
    const input = this.page.locator('.quick-input-widget input').first();
    await this.page.locator('.quick-input-widget .quick-input-list').waitFor();
    await input.fill(choice);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: choice });
    await row.first().click();
  }

  /** The titles that the palette offers for a text. */
  async offeredCommands(text: string): Promise<string[]> {
    const rows = await this.#offered(text, '.monaco-list-row .label-name');
    const titles = await rows.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /**
   * Returns the palette's rows for a text. An open palette keeps the commands from when it opened,
   * and closes when it loses the focus; so it is opened again until it has a row.
   */
  async #offered(text: string, row: string): Promise<Locator> {
    const { keyboard } = this.page;
    const input = this.page.locator('.quick-input-widget input').first();
    const rows = this.page.locator(`.quick-input-list ${row}`, { hasText: text });
    return until(`the palette's row ${text}`, async () => {
      await keyboard.press('F1');
      try {
        await input.fill(`>${text}`, { timeout: offeredMs });
        await rows.first().waitFor({ timeout: offeredMs });
        return rows;
      } catch {
        return null;
      }
    });
  }

  /** A notification with a text, shown in the corner. */
  notification(text: string): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** The extension's item in the status bar. */
  get statusItem(): Locator {
    return this.page.locator('.statusbar-item[id$="loci.status"]');
  }

  /** The open editor. */
  get codeEditor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  /** Returns the numbers of the lines that an extension has marked, once there are any. */
  async markedLines(): Promise<number[]> {
    return until('marked lines', async () => {
      const lines: number[] = await this.page.evaluate(numbersOfMarked);
      return lines.length === 0 ? null : lines;
    });
  }

  /** Returns the user's settings on disk. */
  async userSettings(): Promise<string> {
    return readFile(this.#workbench.settingsFile, 'utf8');
  }

  /** The home folder of everything that runs in the workbench. */
  get home(): string {
    return this.#workbench.dataDirectory;
  }

  /** Returns the settings on disk of the workbench's machine. */
  async machineSettings(): Promise<string> {
    const folder = path.join(this.#workbench.dataDirectory, 'server', 'data', 'Machine');
    return readFile(path.join(folder, 'settings.json'), 'utf8');
  }

  /** The dialog in the middle of the window. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Returns the extension's log. */
  async log(): Promise<string> {
    const root = path.join(this.#workbench.dataDirectory, 'server');
    const files = await readdir(root, { recursive: true });
    const logs = files.filter((file) => file.endsWith('Loci.log'));
    const texts = await Promise.all(logs.map((file) => readFile(path.join(root, file), 'utf8')));
    return texts.join('\n');
  }

  /** Returns the process IDs of all started engines, in order. */
  async enginePids(): Promise<number[]> {
    const started = (await this.log()).matchAll(/Engine started \(process (\d+)\)/gu);
    return [...started].map((match) => Number(match[1]));
  }

  /** Saves a picture of the window to the test artefacts. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  /**
   * Saves a picture for the documentation, of the whole window or a part. Replaces the one in
   * `docs/images` if `LOCI_UPDATE_IMAGES=1`; otherwise saves it to the test artefacts.
   */
  async picture(name: string, clip?: Clip): Promise<void> {
    const update = process.env['LOCI_UPDATE_IMAGES'] === '1';
    const folder = update ? fromRoot('docs', 'images') : screenshots;
    await mkdir(folder, { recursive: true });
    const target = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: target, ...(clip === undefined ? {} : { clip }) });
  }
}

function watchHosts(context: BrowserContext): ReadonlySet<string> {
  const hosts = new Set<string>();
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    // The editor's own resources have URLs of this form and are served by this machine.
    const ours = hostname === '127.0.0.1' || hostname.endsWith('.vscode-resource.vscode-cdn.net');
    if (protocol.startsWith('http') && !ours) hosts.add(hostname);
  });
  return hosts;
}
