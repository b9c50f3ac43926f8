/** The main job of a user: read, ask, follow a citation, inspect the memory, complete. */

import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuestionKind } from '../quality/generator/facts.ts';
import type { Question } from '../quality/generator/repository.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;
let memory: Frame;

beforeAll(async () => {
  // Four times the bundled model's context.
  repository = await generatedRepository(16_000);
  const settings = { 'loci.followChanges': false };
  editor = await Editor.open({ folder: repository.folder, file: 'README.md', settings });
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

/** Returns a question that the bundled model answers, about a unique line. */
function knownQuestion(kind: QuestionKind): Question {
  const found = repository.questions.find((question) => question.kind === kind);
  if (found === undefined) throw new Error(`The repository has no question on ${kind}.`);
  return found;
}

/** Reads the tokens held and the budget from the memory's first lines and their tooltip. */
async function heldAndBudget(): Promise<[held: number, budget: number]> {
  const total = memory.locator('.total');
  const held = /([\d,]+) of [\d,]+ tokens/u.exec(await total.innerText());
  const budget = /([\d,]+) tokens/u.exec((await total.getAttribute('title')) ?? '');
  return [toNumber(held?.[1]), toNumber(budget?.[1])];
}

function toNumber(text: string | undefined): number {
  return Number((text ?? 'none').replaceAll(',', ''));
}

async function shares(): Promise<number[]> {
  const texts = await memory.locator('.row-share').allInnerTexts();
  return texts.map((text) => Number.parseFloat(text.replace('< ', '')));
}

describe('the main job in the editor', () => {
  it('reads the repository when Loci is first opened, and says how far it is', async () => {
    await editor.openLoci();
    chat = new Chat(await editor.view('chat'));
    await chat.panel.getByText('Tokens', { exact: true }).waitFor();
    await editor.screenshot('01-reading');
    expect(await chat.panel.innerText()).toMatch(/Left\s+([\d.]+ (s|min)|…)/u);
    await chat.ready();
    memory = await editor.view('memory');
    await memory.locator('.row').first().waitFor();
    expect(await chat.summary.innerText()).toMatch(/^Remembers [\d.]+ % of this repository$/u);
    await editor.screenshot('02-ready');
  });

  it('answers a question whose answer is known, and says what it rests on', async () => {
    const asked = knownQuestion('const');
    await chat.ask(asked.question);
    await chat.answered();
    expect(await chat.answer()).toBe(asked.answer);
    await chat.lastTurn.locator('.recalled summary').click();
    const recalled = chat.lastTurn.locator('.recalled-span', { hasText: asked.path });
    expect(await recalled.first().innerText()).toMatch(/\d+ tokens, by (attention|names)/u);
    await editor.screenshot('03-answer');
  });

  it('leads from a citation to its line, and marks that', async () => {
    const asked = knownQuestion('const');
    const citation = chat.lastTurn.locator('.citations .reference').first();
    expect(await citation.innerText()).toBe(`${asked.path}:${String(asked.line)}`);
    const marked = editor.markedLines();
    await citation.click();
    expect(await marked).toEqual([asked.line]);
    await editor.page.getByText(`Ln ${String(asked.line)}, Col 1`).waitFor();
    const name = await editor.page.locator('.tab.active').getAttribute('data-resource-name');
    expect(name).toBe(asked.path.split('/').at(-1));
    await editor.screenshot('04-citation');
  });

  it('lists the files with their tokens and the share that is held', async () => {
    const [held, budget] = await heldAndBudget();
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(budget);

    await memory.locator('.column-held').click();
    const descending = await shares();
    expect(descending.length).toBeGreaterThan(5);
    expect(descending).toEqual([...descending].sort((a, b) => b - a));
    expect(Math.max(...descending)).toBeGreaterThan(0);
    await editor.screenshot('05-memory');

    const { path } = knownQuestion('str');
    await memory.locator('.filter').fill(path);
    await until('one row', async () =>
      (await memory.locator('.row').count()) === 1 ? true : null,
    );
    await memory.locator('.row').click();
    const name = path.split('/').at(-1) ?? '';
    await editor.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await memory.locator('.filter').fill('');
  });

  it('shows the memory as a map, and opens a file from it', async () => {
    const { page } = editor;
    const header = page.locator('.pane-header', { hasText: 'Memory' });
    await header.hover();
    await header.locator('.action-label[aria-label="Show Memory Map"]').click();
    const map = await editor.view('map');
    await map.locator('.map-item').waitFor();
    await editor.picture('map');
    expect(await map.locator('.hint').innerText()).toMatch(
      /^Remembers [\d.]+ % of this repository\.$/u,
    );
    const asked = knownQuestion('const');
    await map.locator('.filter').fill(asked.path);
    await map.getByText(/^1 of [\d,]+ files found$/u).waitFor();
    await map.locator('.filter').press('Enter');
    const numbers = /^.+: [\d,]+ tokens, .+ remembered \([\d,]+ tokens?\), [\d,]+ lines/u;
    await map.locator('.map-line', { hasText: numbers }).waitFor();
    await map.getByRole('button', { name: 'Show details' }).click();
    await map.locator('.map-layers tbody tr').first().waitFor();
    expect(await map.locator('.map-layers tbody tr').count()).toBe(6);
    await editor.screenshot('05-map-details');
    const item = (await map.locator('.map-item').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    };
    await page.mouse.click(item.x + item.width / 2, item.y + item.height / 2);
    const name = asked.path.split('/').at(-1) ?? '';
    await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  });

  it('offers no ghost text from the model that Loci brings along, even when asked', async () => {
    const { key } = knownQuestion('str');
    const { page } = editor;
    await editor.codeEditor.locator('.view-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(`\nconst ${key} = `);
    await editor.runCommand('Trigger Inline Suggestion');
    // The test of ghost text waits less.
    await page.waitForTimeout(5_000);
    expect(await page.locator('.ghost-text-decoration, .ghost-text').count()).toBe(0);
    await page.keyboard.press('Control+S');
    await editor.screenshot('06-no-ghost-text');
  });

  it('says that a file changed since it was read, until it is read, where it is not followed', async () => {
    await chat.panel.getByText('1 file has changed since it was read.').waitFor();
    await chat.panel.getByRole('button', { name: 'Read Changes' }).waitFor();
    await editor.screenshot('07-file-changed');
  });

  it('makes the memory smaller at once when the setting changes, and reads again when told to', async () => {
    const [, before] = await heldAndBudget();
    const { page } = editor;
    await editor.runCommand('Loci: Open Settings');
    const item = page.locator('.settings-editor .setting-item-contents', { hasText: 'Budget' });
    await item.locator('input').first().fill('7%');
    await item.locator('input').first().press('Tab');
    await until('the new budget', async () =>
      (await heldAndBudget())[1] === before ? null : true,
    );
    // Drawn anew: the view may have been drawn between the two figures of the look that saw it.
    const [held, budget] = await heldAndBudget();
    expect(budget / before).toBeCloseTo(0.7, 1);
    expect(held).toBeLessThanOrEqual(budget);
    expect(await editor.machineSettings()).toContain('"loci.budget": "7%"');
    expect(await chat.panel.getByText('changed since').count()).toBe(1);
    await editor.screenshot('08-smaller-budget');
    await chat.panel.getByRole('button', { name: 'Read Changes' }).click();
    await chat.panel.getByText('changed since').waitFor({ state: 'detached' });
    await chat.ready();
    expect((await heldAndBudget())[1]).toBe(budget);
    await editor.screenshot('09-read-again');
  });

  it('asked nothing of any other machine', () => {
    expect([...editor.foreignHosts]).toEqual([]);
  });
});
