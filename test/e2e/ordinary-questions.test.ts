/**
 * Ten ordinary questions on this project's own `extension` folder: with the bundled model in a full
 * run (`LOCI_TEST_FULL=1`), with another if `LOCI_REAL_MODEL` names its file; on a part of the
 * folder with `LOCI_QUESTIONS_FOLDER`. A reader must judge whether answers are correct: questions,
 * answers and pictures are in `test-artifacts/ordinary-questions`.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactsDirectory, fromRoot } from '../../scripts/support/paths.mjs';
import { fullRun } from '../tools/full-run.ts';
import { Chat } from './support/chat.ts';
import { Editor } from './support/editor.ts';

interface Question {
  readonly text: string;
  /** Matches a correct answer or passage; the bundled model may say nothing else. */
  readonly right: RegExp;
}

const questions: readonly Question[] = [
  { text: 'What is the value of maxCrashes?', right: /\b4\b/u },
  { text: 'Where is RestartPolicy defined?', right: /restart-policy\.ts/u },
  { text: 'From which module is setPriority imported?', right: /node:os/u },
  { text: 'What is the value of GRAVITY_OF_MARS?', right: /does not occur/u },
  {
    text: 'How often is a crashed engine started again?',
    right: /restart-policy\.ts|fourth|\b4\b/u,
  },
  { text: 'How is the priority of the engine lowered?', right: /priority\.ts|setPriority/u },
  { text: 'What does EngineClient do?', right: /client\.ts|request|connection/u },
  {
    text: 'How long may the engine take to end by itself?',
    right: /engine-process\.ts|2_000|2 s/u,
  },
  { text: 'Which signals end the engine process?', right: /SIGKILL|process\.ts/u },
  { text: 'Explain how the engine is started.', right: /fork|engine-process\.ts/u },
];

const models = [
  { name: 'bundled', file: '', wanted: fullRun },
  {
    name: path.basename(process.env['LOCI_REAL_MODEL'] ?? 'real', '.gguf'),
    file: process.env['LOCI_REAL_MODEL'] ?? '',
    wanted: process.env['LOCI_REAL_MODEL'] !== undefined,
  },
];

const folder = fromRoot(process.env['LOCI_QUESTIONS_FOLDER'] ?? 'extension');
/** A larger model reads this folder for hours on a small machine. */
const readingMs = 6 * 3_600_000;
const artifacts = path.join(artifactsDirectory, 'ordinary-questions');

interface Said {
  readonly question: string;
  readonly answer: string;
  /** Whether it has the words of a correct answer, which does not show that it is correct. */
  readonly asExpected: boolean;
  readonly notes: readonly string[];
  /** Numbers and names in code marks of the answer that occur nowhere in the folder. */
  readonly invented: readonly string[];
  readonly seconds: number;
}

/** Finds numbers and code of an answer that are in neither the question nor the folder's text. */
function inventedIn(answer: string, known: string): string[] {
  // The lines of passages are no claim about the code.
  const claims = answer.replace(/[^\s:]+:\d+(?:-\d+)?/gu, ' ');
  const stated = [...claims.matchAll(/`([^`\n]+)`|\b(\d+(?:[.,_]\d+)*)\b/gu)];
  const parts = stated.map(([, code, number]) => code ?? number ?? '');
  return [...new Set(parts)].filter((part) => !known.includes(part));
}

/** Returns the text of a folder's code. */
async function textOf(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const texts = files.map((file) => readFile(path.join(file.parentPath, file.name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

/** The tests with one model. */
function askOrdinaryQuestions(model: (typeof models)[number]): void {
  let editor: Editor;
  let chat: Chat;
  const said: Said[] = [];

  beforeAll(async () => {
    const chosen = model.file === '' ? {} : { 'loci.modelPath': path.resolve(model.file) };
    editor = await Editor.open({
      folder,
      machineSettings: { 'loci.device': 'cpu', 'loci.budget': '25%', ...chosen },
    });
    await editor.page.setViewportSize({ width: 1180, height: 1000 });
    await editor.openLoci();
    chat = new Chat(await editor.view('chat'));
    // A reading of more than a minute is proposed first.
    const read = chat.panel.getByRole('button', { name: 'Read', exact: true });
    await chat.summary.or(read).first().waitFor({ timeout: readingMs });
    if (await read.isVisible()) await read.click();
    await chat.summary.waitFor({ timeout: readingMs });
    await chat.panel.locator('.bar').waitFor({ state: 'detached', timeout: readingMs });
  }, readingMs);

  afterAll(async () => {
    await mkdir(artifacts, { recursive: true });
    await writeFile(path.join(artifacts, `${model.name}.json`), JSON.stringify(said, null, 2));
    await editor.close();
  });

  it('gives no endless answer', async () => {
    const code = await textOf(folder);
    for (const [index, { text, right }] of questions.entries()) {
      const start = performance.now();
      await chat.ask(text);
      await chat.answered();
      const seconds = (performance.now() - start) / 1000;
      const answer = await chat.lastTurn.innerText();
      const written = await chat.answer();
      const notes = await chat.lastTurn.locator('.note').allInnerTexts();
      said.push({
        question: text,
        answer,
        asExpected: right.test(answer),
        notes,
        invented: inventedIn(written, `${text}\n${code}`),
        seconds,
      });
      await editor.keepPicture(`ordinary-${model.name}-${String(index)}`);
    }
    const endless = said.filter(({ notes }) => notes.some((note) => note.includes('length limit')));
    expect(endless).toEqual([]);
  });

  it('does not answer about a name that is nowhere', () => {
    const unknown = said.find(({ question }) => question.includes('GRAVITY_OF_MARS'));
    expect(unknown?.answer).toContain('does not occur in what was read');
  });

  it.runIf(model.name === 'bundled')('invents nothing', () => {
    // Passages are shown as what they are, also where they are not the best ones.
    const stated = said.filter(({ answer }) => !answer.includes('Here is where I would look'));
    expect(stated.length).toBeGreaterThan(2);
    expect(stated.filter(({ asExpected }) => !asExpected)).toEqual([]);
    expect(said.filter(({ invented }) => invented.length > 0)).toEqual([]);
  });
}

for (const model of models) {
  describe.runIf(model.wanted)(`ten ordinary questions: ${model.name}`, () => {
    askOrdinaryQuestions(model);
  });
}
