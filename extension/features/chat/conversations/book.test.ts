/** Conversations in memory and in real files. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerOf } from '../../../../test/fixtures/answer.ts';
import type { Turn } from '../../../protocol/webview.ts';
import { ConversationBook } from './book.ts';
import { ConversationFiles } from './files.ts';
import { closedTurns, titleOf } from './record.ts';

let parent: string;
let folder: string;
let failures: unknown[];
let clock: number;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'conversations-'));
  folder = path.join(parent, 'workspace', 'conversations');
  failures = [];
  clock = 1_000;
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

function turn(id: number, change: Partial<Turn> = {}): Turn {
  const question = `Why ${String(id)}?`;
  const status = { kind: 'done', result: answerOf('So.') } as const;
  return { id, question, answer: 'So.', status, ...change };
}

async function openBook(
  wanted = true,
): Promise<{ book: ConversationBook; files: ConversationFiles }> {
  const files = new ConversationFiles(folder, (error) => failures.push(error));
  const book = new ConversationBook({ files, wanted: () => wanted, now: () => (clock += 1) });
  await book.load();
  await files.settled;
  return { book, files };
}

const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

it('gives back every conversation, the newest first, as it was', async () => {
  const { book, files } = await openBook();
  book.begin(idOf(1), [turn(1)]);
  book.begin(idOf(2), [turn(1)]);
  book.save(idOf(1), [turn(1), turn(2, { status: { kind: 'answering' } })]);
  book.rename(idOf(2), '  A name\n');
  const before = book.list();
  expect(before.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
  expect(before.map(titleOf)).toEqual(['Why 1?', 'A name']);
  await files.settled;
  const again = (await openBook()).book;
  expect(again.list()).toEqual(before);
  const [first] = again.list();
  if (first === undefined) throw new Error('Nothing was kept.');
  expect(closedTurns(first).map(({ status }) => status.kind)).toEqual(['done', 'stopped']);
  expect(failures).toEqual([]);
});

it('removes, takes back, and does not save what was removed', async () => {
  const { book, files } = await openBook();
  book.begin(idOf(1), [turn(1)]);
  const removed = book.remove(idOf(1));
  book.save(idOf(1), [turn(1), turn(2)]);
  await files.settled;
  expect(await readdir(folder)).toEqual([]);
  if (removed === null) throw new Error('Nothing was removed.');
  book.add(removed);
  await files.settled;
  expect((await openBook()).book.list()).toEqual([removed]);
});

it('drops the oldest beyond fifty conversations and eight million characters', async () => {
  const { book, files } = await openBook();
  for (let at = 0; at < 53; at += 1) book.begin(idOf(at), [turn(1)]);
  expect(book.list().map(({ id }) => id)).toEqual(
    Array.from({ length: 50 }, (_, at) => idOf(52 - at)),
  );
  for (let at = 100; at < 110; at += 1) {
    book.begin(idOf(at), [turn(1, { answer: 'x'.repeat(900_000) })]);
  }
  expect(book.list().map(({ id }) => id)).toEqual(
    Array.from({ length: 8 }, (_, at) => idOf(109 - at)),
  );
  await files.settled;
  expect(await readdir(folder)).toHaveLength(8);
});

it('keeps the newest two hundred turns, and fewer where they are long', async () => {
  const { book, files } = await openBook();
  book.begin(
    idOf(1),
    Array.from({ length: 210 }, (_, at) => turn(at)),
  );
  expect(book.get(idOf(1))?.turns.map(({ id }) => id)).toEqual(
    Array.from({ length: 200 }, (_, at) => at + 10),
  );
  book.save(
    idOf(1),
    Array.from({ length: 5 }, (_, at) => turn(at, { answer: 'x'.repeat(300_000) })),
  );
  expect(book.get(idOf(1))?.turns.map(({ id }) => id)).toEqual([2, 3, 4]);
  await files.settled;
});

it('leaves out files that are not its own, says so, and keeps the others', async () => {
  const { book, files } = await openBook();
  book.begin(idOf(1), [turn(1)]);
  await files.settled;
  const valid = await readFile(path.join(folder, `${idOf(1)}.json`), 'utf8');
  const others: [string, string][] = [
    [idOf(2), valid],
    [idOf(3), '{'],
    [idOf(4), valid.replace('"version":1', '"version":2').replaceAll(idOf(1), idOf(4))],
    [idOf(5), valid.replace('"turns":[', '"turns":[7,').replaceAll(idOf(1), idOf(5))],
    [idOf(6), `${valid.replaceAll(idOf(1), idOf(6))}${' '.repeat(3_100_000)}`],
    ['other', valid.replaceAll(idOf(1), 'other')],
  ];
  for (const [id, text] of others) await writeFile(path.join(folder, `${id}.json`), text);
  const again = (await openBook()).book;
  expect(again.list().map(({ id }) => id)).toEqual([idOf(1)]);
  expect(failures).toHaveLength(others.length);
});

it('holds conversations in memory alone where nothing is to be kept, and deletes what was', async () => {
  const { book, files } = await openBook();
  book.begin(idOf(1), [turn(1)]);
  await files.settled;
  const unwanted = await openBook(false);
  expect(unwanted.book.list()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
  unwanted.book.begin(idOf(2), [turn(1)]);
  await unwanted.files.settled;
  expect(unwanted.book.list()).toHaveLength(1);
  expect(await readdir(folder)).toEqual([]);
});

it('goes on in memory where nothing can be written', async () => {
  await writeFile(path.join(parent, 'workspace'), 'a file in the way');
  const { book, files } = await openBook();
  book.begin(idOf(1), [turn(1)]);
  await files.settled;
  expect(book.list()).toHaveLength(1);
  expect(failures).toHaveLength(1);
});
