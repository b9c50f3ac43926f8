/** Random answers in the real page: none affects another, and all are only text. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Turn } from '../../extension/protocol/webview.ts';
import { isMarkdown } from '../../webview/chat/answer-mode.ts';
import { withoutMarkers } from '../../webview/chat/markdown.ts';
import { Random } from '../quality/generator/random.ts';
import { fullRun } from '../tools/full-run.ts';
import { ViewPage } from './support/page.ts';
import { hugeAnswers, randomTurn } from './support/random-answers.ts';
import { asShown, shownTurns } from './support/shown-turns.ts';
import type { ShownTurn } from './support/shown-turns.ts';

const seed = 11;
const turnsInAll = fullRun ? 10_000 : 2_500;
const turnsAtOnce = 100;

/** Allows for a busy machine; usually the slowest takes a second. */
const longestMs = 20_000;

let chat: ViewPage;

beforeAll(async () => {
  chat = await ViewPage.open();
});

afterAll(async () => {
  await chat.close();
});

/** Requires an answer verbatim, or as Markdown without the characters of its syntax. */
function expectAnswer(shown: ShownTurn, { answer, status }: Turn): void {
  const text = asShown(answer);
  if (answer === '') {
    expect(shown.answer).toBe('');
  } else if (shown.verbatim) {
    expect(shown.answer).toBe(text);
  } else {
    const done = status.kind !== 'answering' && status.kind !== 'waiting';
    expect(isMarkdown(answer, done)).toBe(true);
    expect(withoutMarkers(shown.answer)).toBe(withoutMarkers(text));
  }
}

/** Sends turns in one of the possible ways. */
async function show(turns: readonly Turn[], random: Random): Promise<void> {
  const streamed = new Set(turns.filter(() => random.chance(0.05)));
  const begun = turns.map((turn) =>
    streamed.has(turn) ? { ...turn, answer: '', status: { kind: 'answering' } } : turn,
  );
  await chat.send({ type: 'conversation', turns: begun });
  // Half of each in one frame, the rest and the end in the next.
  const half = ({ answer }: Turn): number => Math.floor(answer.length / 2);
  const text = (turn: Turn, from: number, to: number): unknown => ({
    type: 'text',
    id: turn.id,
    text: turn.answer.slice(from, to),
  });
  await chat.send(...[...streamed].map((turn) => text(turn, 0, half(turn))));
  await chat.send(
    ...[...streamed].flatMap((turn) => [
      text(turn, half(turn), turn.answer.length),
      { type: 'turn', turn },
    ]),
  );
}

describe('random answers in the real page', () => {
  it(`shows ${String(turnsInAll)} of them as text, each by itself`, async () => {
    const random = new Random(seed);
    const counts = { verbatim: 0, markdown: 0, code: 0, links: 0 };
    await chat.send({ type: 'session', session: { kind: 'idle' } });
    for (let first = 0; first < turnsInAll; first += turnsAtOnce) {
      const made = Array.from({ length: turnsAtOnce }, (_, i) => randomTurn(random, first + i));
      const turns = made.map(({ turn }) => turn);
      await show(turns, random);
      const shown = await shownTurns(chat.page);
      expect(shown.foreign).toEqual([]);
      expect(shown.turns).toHaveLength(turns.length);
      for (const [i, { turn, mentions }] of made.entries()) {
        const on = shown.turns[i];
        if (on === undefined) throw new Error('A turn is missing.');
        expect(on.question).toBe(asShown(turn.question));
        expectAnswer(on, turn);
        const spellings = mentions.flatMap(({ text, path }) => [asShown(text), asShown(path)]);
        for (const link of on.links) expect(spellings).toContain(link);
        counts.verbatim += on.verbatim ? 1 : 0;
        counts.markdown += on.verbatim || turn.answer === '' ? 0 : 1;
        counts.code += on.code.length;
        counts.links += on.links.length;
      }
    }
    expect(await faults()).toEqual([]);
    // Every case occurred, so none of the above passes for lack of cases.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(turnsInAll / 20);
  });

  it.each(hugeAnswers)('shows %s in bounded time, and the turns around it', async (_name, text) => {
    const before: Turn = { id: 20_001, question: 'Q', answer: 'five', status: { kind: 'stopped' } };
    const huge: Turn = { id: 20_002, question: 'Q', answer: text, status: { kind: 'stopped' } };
    const after: Turn = { ...before, id: 20_003, answer: 'six' };
    const ms = await chat.send({ type: 'conversation', turns: [before, huge, after] });
    const { turns, foreign } = await shownTurns(chat.page);
    expect(foreign).toEqual([]);
    expect(turns.map(({ answer }) => answer.length > 0)).toEqual([true, true, true]);
    expect(turns[0]?.answer).toBe('five');
    expect(turns[2]?.answer).toBe('six');
    const on = turns[1];
    if (on === undefined) throw new Error('The turn is missing.');
    expectAnswer(on, huge);
    expect(await faults()).toEqual([]);
    expect(ms).toBeLessThan(longestMs);
  });
});

/** Returns exceptions, requests, and faults that the view itself reported. */
async function faults(): Promise<string[]> {
  const posted = await chat.posted();
  const reported = posted.flatMap((message) => (message.type === 'fault' ? [message.message] : []));
  return [...chat.faults, ...reported];
}
