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
/** For a machine that is busy with other things. */
const slowMs = 300_000;
/** How long the palette has to show a row before it is opened again. */
const offeredMs = 10_000;

/** A mark stands over a line, whose number stands beside it at the same height. */
const numbersOfMarked = `(() => {
  const top = (element) => Math.round(element.getBoundingClientRect().top);
  const marks = document.querySelectorAll('.editor-instance .view-overlays [class*="ced-"]');
  const tops = new Set([...marks].map(top));
  const numbers = [...document.querySelectorAll('.editor-instance .line-numbers')];
  return numbers.filter((each) => tops.has(top(each))).map((each) => Number(each.textContent));
})()`;

type Workbench = Awaited<ReturnType<typeof startWorkbench>>;

/** One window of the editor. */
export class Editor {
  readonly page: Page;
  /** Hosts other than this machine that the window asked for. */
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

  /** Starts a workbench with throw-away data and shows a folder in it. */
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

  /** Closes the window and ends every process behind it. */
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
    // Away from where a tooltip would cover something.
    await page.mouse.move(800, 600);
  }

  /** The inside of a view, once it is there. */
  async view(name: 'chat' | 'memory' | 'quality'): Promise<Frame> {
    return until(`the ${name} view`, async () => {
      for (const frame of this.page.frames()) {
        if (frame.name() !== 'active-frame' && !frame.url().includes('fake.html')) continue;
        try {
          if ((await frame.locator(`body[data-view="${name}"]`).count()) > 0) return frame;
        } catch {
          // It was replaced just now.
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

  /** Runs a command that offers a list, and picks from that. */
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
   * The palette's rows for a text. An open palette keeps the commands that there were when it
   * opened, and closes when something else takes the focus: it is opened again until it has a row.
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

  /** The editor that is open. */
  get codeEditor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  /** The numbers of the lines that an extension has marked, once there are some. */
  async markedLines(): Promise<number[]> {
    return until('marked lines', async () => {
      const lines: number[] = await this.page.evaluate(numbersOfMarked);
      return lines.length === 0 ? null : lines;
    });
  }

  /** The user's settings as they are on disk. */
  async userSettings(): Promise<string> {
    return readFile(this.#workbench.settingsFile, 'utf8');
  }

  /** The home folder of everything that runs in the workbench. */
  get home(): string {
    return this.#workbench.dataDirectory;
  }

  /** The settings of the machine that the workbench runs on, as they are on disk. */
  async machineSettings(): Promise<string> {
    const folder = path.join(this.#workbench.dataDirectory, 'server', 'data', 'Machine');
    return readFile(path.join(folder, 'settings.json'), 'utf8');
  }

  /** The dialog in the middle of the window. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** What the extension wrote to its log. */
  async log(): Promise<string> {
    const root = path.join(this.#workbench.dataDirectory, 'server');
    const files = await readdir(root, { recursive: true });
    const logs = files.filter((file) => file.endsWith('Loci.log'));
    const texts = await Promise.all(logs.map((file) => readFile(path.join(root, file), 'utf8')));
    return texts.join('\n');
  }

  /** The process numbers of the engines that were started, in their order. */
  async enginePids(): Promise<number[]> {
    const started = (await this.log()).matchAll(/Engine started \(process (\d+)\)/gu);
    return [...started].map((match) => Number(match[1]));
  }

  /** Keeps a picture of the window among the test artefacts. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  /**
   * A picture of the documentation, of the whole window or a part of it. It replaces the one in
   * `docs/images` where `LOCI_UPDATE_IMAGES=1`, and is an artefact of the tests otherwise.
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
    // The editor's own resources have an address of this form, and never leave the machine.
    const ours = hostname === '127.0.0.1' || hostname.endsWith('.vscode-resource.vscode-cdn.net');
    if (protocol.startsWith('http') && !ours) hosts.add(hostname);
  });
  return hosts;
}
