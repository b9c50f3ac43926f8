/** Stops, kills and restarts an engine, with a model that is slow enough to interrupt. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomModel } from '../tools/random-gguf.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';
import { generatedRepository } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';

let repository: TemporaryRepository;
let editor: Editor;
let chat: Chat;

beforeAll(async () => {
  const model = await randomModel('talkative', 1);
  // Four chunks, which take the model a second each: reading can be stopped between two.
  repository = await generatedRepository(4_000);
  editor = await Editor.open({
    folder: repository.folder,
    file: 'README.md',
    machineSettings: { 'loci.modelPath': model, 'loci.device': 'cpu' },
  });
});

afterAll(async () => {
  await editor.close();
  await repository.remove();
});

describe('the life of the engine', () => {
  it('stops reading when it is told to, and says what was read until then', async () => {
    await editor.openLoci();
    chat = new Chat(await editor.view('chat'));
    // A reading that is stopped in its first chunk keeps nothing.
    await chat.panel
      .getByText(/^[1-9][\d,]* of [\d,]+$/u)
      .nth(1)
      .waitFor();
    expect(await editor.offeredCommands('Loci:')).toContain('Loci: Cancel');
    await chat.panel.getByRole('button', { name: 'Cancel' }).click();
    await chat.ready();
    const notice = await chat.frame.locator('.header > .notices').innerText();
    expect(notice).toMatch(
      /Reading stopped early\. Answers use only the first \d+ of \d+ files\./u,
    );
    await editor.screenshot('10-cancelled');

    await editor.runCommand('Loci: Read Repository');
    await chat.panel.waitFor();
    await chat.ready();
    const after = await chat.frame.locator('.header > .notices').innerText();
    expect(after.trim()).toMatch(/^\S+ is a very small model\. [^\n]+$/u);
  });

  it('offers in the palette what can be done', async () => {
    const offered = await editor.offeredCommands('Loci:');
    expect(offered).toContain('Loci: Read Repository');
    expect(offered).not.toContain('Loci: Cancel');
  });

  it('streams an answer, and stops it with Escape', async () => {
    await chat.ask('What do you have to say?');
    const soFar = await chat.writing(5);
    const picture = editor.screenshot('11-streaming');
    await chat.frame.locator('.ask textarea').press('Escape');
    await picture;
    await chat.answered();
    expect((await chat.answer()).length).toBeGreaterThanOrEqual(soFar.length);
    expect(await chat.lastTurn.innerText()).toContain('Stopped.');
    await editor.screenshot('12-stopped');
  });

  it('keeps the answer so far when the engine is killed, and recovers by itself', async () => {
    const [pid] = (await editor.enginePids()).slice(-1);
    if (pid === undefined) throw new Error('No engine was started.');
    await chat.ask('Will you last?');
    const soFar = await chat.writing(20);
    process.kill(pid, 'SIGKILL');
    await chat.lastTurn.locator('.failure').waitFor();
    expect(await chat.answer()).toContain(soFar.slice(0, 20));
    expect(await chat.lastTurn.innerText()).toContain(
      'The engine was killed (SIGKILL; possibly out of memory) while answering.',
    );
    await editor.screenshot('13-killed');

    await chat.ready();
    expect(await chat.frame.locator('.header > .notices').innerText()).toContain('while answering');
    await chat.ask('Are you back?');
    await chat.writing(20);
    await editor.screenshot('14-recovered');
    await chat.frame.locator('.ask textarea').press('Escape');
    await chat.answered();
    expect(new Set(await editor.enginePids()).size).toBe(2);
  });

  it('keeps the conversation and the draft while it is hidden', async () => {
    const turns = await chat.frame.locator('.turn').count();
    await chat.frame.locator('.ask textarea').fill('A draft');
    await editor.openContainer('Explorer');
    await sleep(500);
    await editor.openLoci();
    chat = new Chat(await editor.view('chat'));
    await chat.lastTurn.waitFor();
    expect(await chat.frame.locator('.turn').count()).toBe(turns);
    expect(await chat.frame.locator('.ask textarea').inputValue()).toBe('A draft');
  });

  it('answers a question that was asked while it reads, once it has read', async () => {
    await chat.frame.locator('.ask textarea').fill('');
    await editor.runCommand('Loci: Restart Engine');
    await chat.panel.waitFor();
    await chat.ask('Can you wait?');
    expect(await chat.lastTurn.innerText()).toContain('Waiting for the repository to be read');
    await editor.screenshot('15-waiting');
    await chat.writing(20);
    await chat.frame.locator('.ask textarea').press('Escape');
    await chat.answered();
  });
});
