import { expect, it } from 'vitest';
import type { Turn } from '../../protocol/webview.ts';
import { KeptConversation } from './kept-conversation.ts';

function turn(id: number, change: Partial<Turn> = {}): Turn {
  return {
    id,
    question: `Why ${String(id)}?`,
    answer: 'So.',
    status: { kind: 'stopped' },
    ...change,
  };
}

function stage(wanted: () => boolean = () => true): {
  readonly kept: KeptConversation;
  readonly values: Map<string, unknown>;
} {
  const values = new Map<string, unknown>();
  const store = {
    get: (key: string): unknown => values.get(key),
    update: (key: string, value: unknown): Promise<void> => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
  return { kept: new KeptConversation(store, wanted), values };
}

it('gives back what was kept, and what was under way as stopped', () => {
  const { kept } = stage();
  expect(kept.load()).toEqual([]);
  kept.save([
    turn(1, { status: { kind: 'failed', message: 'It broke.' } }),
    turn(2, { status: { kind: 'answering' } }),
    turn(3, { status: { kind: 'waiting' } }),
  ]);
  const kinds = kept.load().map(({ status }) => status.kind);
  expect(kinds).toEqual(['failed', 'stopped', 'stopped']);
});

it('keeps the newest fifty turns, and fewer where they are long', () => {
  const { kept } = stage();
  kept.save(Array.from({ length: 60 }, (_, at) => turn(at)));
  expect(kept.load().map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, at) => at + 10));
  kept.save(Array.from({ length: 5 }, (_, at) => turn(at, { answer: 'x'.repeat(300_000) })));
  expect(kept.load().map(({ id }) => id)).toEqual([2, 3, 4]);
});

it.each([
  ['nothing', undefined],
  ['no list', { turns: [] }],
  ['other values', [1, 'two', null]],
  ['a turn without a status', [{ id: 1, question: 'a', answer: 'b' }]],
])('gives nothing where the store holds %s', (_, value) => {
  const { kept, values } = stage();
  values.set('loci.conversation', value);
  expect(kept.load()).toEqual([]);
});

it('forgets everything once nothing is to be kept', () => {
  let wanted = true;
  const { kept, values } = stage(() => wanted);
  kept.save([turn(1)]);
  wanted = false;
  expect(kept.load()).toEqual([]);
  kept.save([turn(1), turn(2)]);
  expect(values.get('loci.conversation')).toBeUndefined();
});
