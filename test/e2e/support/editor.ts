/** The extension in a real workbench, in a real browser, as a user sees it. */

import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { artifactsDirectory, fromRoot } from '../../../scripts/support/paths.mjs';
import { pageAddress, settingsFiles } from '../../../scripts/workbench.mjs';
import { fullRun } from '../../tools/full-run.ts';
import { connectToBrowser } from './browser.ts';
import { hostsEnded, workbenchFor, type EnteredWorkbench } from './shared-workbench.ts';
import { until } from './until.ts';

type Clip = NonNullable<NonNullable<Parameters<Page['screenshot']>[0]>['clip']>;

export interface EditorOptions {
  readonly folder: string;
  /** A package (.vsix) to install in place of this project's folder. */
  readonly extension?: string;
  /** Relative to the folder; opened at once. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folders of extensions beside this one. */
  readonly otherExtensions?: readonly string[];
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

/** Runs in the window: the editor's own progress moves also where no motion is wanted. */
const withoutProgressMotion = `
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.progress-bit, .codicon-modifier-spin { animation-play-state: paused !important; }');
  document.adoptedStyleSheets.push(sheet);
`;

/** The window that is open. */
let shown: Editor | null = null;

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await shown?.keepPicture(`failed-${task.name.replaceAll(/[^\w]+/gu, '-')}`);
});

/** A window of the editor. */
export class Editor {
  readonly page: Page;
  /** Hosts other than this machine that the window contacted. */
  readonly foreignHosts: ReadonlySet<string>;
  readonly #workbench: EnteredWorkbench;
  readonly #browser: Browser;
  /** Logs of earlier windows. */
  readonly #earlierLogs: ReadonlySet<string>;

  private constructor(
    workbench: EnteredWorkbench,
    browser: Browser,
    page: Page,
    foreignHosts: ReadonlySet<string>,
    earlierLogs: readonly string[],
  ) {
    this.#workbench = workbench;
    this.#browser = browser;
    this.page = page;
    this.foreignHosts = foreignHosts;
    this.#earlierLogs = new Set(earlierLogs);
  }

  /** Shows a folder in a new window of the workbench, with throw-away data. One is open at a time. */
  static async open(options: EditorOptions): Promise<Editor> {
    const { folder, file } = options;
    const workbench = await workbenchFor(options);
    const earlierLogs = await logFiles(workbench);
    const browser = await connectToBrowser();
    try {
      // What moves is drawn sixty times a second, beside all that is waited for.
      const context = await browser.newContext({
        viewport: { width: 1360, height: 860 },
        reducedMotion: 'reduce',
      });
      await context.addInitScript(withoutProgressMotion);
      const foreignHosts = watchHosts(context);
      const page = await context.newPage();
      page.setDefaultTimeout(slowMs);
      const opened = file === undefined ? undefined : path.join(folder, file);
      await page.goto(pageAddress(workbench, folder, opened));
      await page.locator('.monaco-workbench .activitybar').waitFor();
      shown = new Editor(workbench, browser, page, foreignHosts, earlierLogs);
      return shown;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Closes the window and waits for the end of every process behind it. */
  async close(): Promise<void> {
    shown = null;
    // The window says goodbye when its page is left, and its extension host ends.
    await this.page.goto('about:blank');
    await hostsEnded(this.#workbench);
    await this.#browser.close();
    await this.#workbench.stop?.();
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

  /** The inside of a view, once it is there. */
  async view(name: 'chat' | 'memory' | 'map' | 'quality'): Promise<Frame> {
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
    return readFile(settingsFiles(this.home).user, 'utf8');
  }

  /** The home folder of everything that runs in the workbench. */
  get home(): string {
    return this.#workbench.dataDirectory;
  }

  /** Returns the settings on disk of the workbench's machine. */
  async machineSettings(): Promise<string> {
    return readFile(settingsFiles(this.home).machine, 'utf8');
  }

  /** The tick of a step of the walkthrough, where it was taken. */
  tick(step: string): Locator {
    return this.page
      .locator(`.codicon.complete[data-done-step-id="loci.loci#start#${step}"]`)
      .first();
  }

  /** The dialog in the middle of the window. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Returns the extension's log. */
  async log(): Promise<string> {
    const logs = (await logFiles(this.#workbench)).filter((file) => !this.#earlierLogs.has(file));
    return (await Promise.all(logs.map((file) => readFile(file, 'utf8')))).join('\n');
  }

  /** Returns the process IDs of all started engines, in order. */
  async enginePids(): Promise<number[]> {
    const started = (await this.log()).matchAll(/Engine started \(process (\d+)\)/gu);
    return [...started].map((match) => Number(match[1]));
  }

  /** Keeps a picture of the window among the test artefacts, in a full run. */
  async screenshot(name: string): Promise<void> {
    if (fullRun) await this.keepPicture(name);
  }

  /** Keeps a picture of the window among the test artefacts. */
  async keepPicture(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  /**
   * A picture of the documentation, of the whole window or a part of it. It replaces the one in
   * `docs/images` where `LOCI_UPDATE_IMAGES=1`, and is an artefact of a full run otherwise.
   */
  async picture(name: string, clip?: Clip): Promise<void> {
    const update = process.env['LOCI_UPDATE_IMAGES'] === '1';
    if (!update && !fullRun) return;
    const folder = update ? fromRoot('docs', 'images') : screenshots;
    await mkdir(folder, { recursive: true });
    const target = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: target, ...(clip === undefined ? {} : { clip }) });
  }
}

/** The extension's logs of all windows of a workbench. */
async function logFiles({ dataDirectory }: EnteredWorkbench): Promise<string[]> {
  const root = path.join(dataDirectory, 'server', 'data', 'logs');
  const files = await readdir(root, { recursive: true });
  return files.filter((file) => file.endsWith('Loci.log')).map((file) => path.join(root, file));
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
