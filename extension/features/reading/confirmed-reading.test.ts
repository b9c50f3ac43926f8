import { describe, expect, it } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import { needsReading } from '../../engine-client/adopting.ts';
import type { Adopted } from '../../engine-client/adopting.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { ConfirmedReading } from './confirmed-reading.ts';

const read: OpenParameters = {
  modelPath: null,
  gpu: 'auto',
  roots: ['/repo'],
  budget: { unit: 'percent', value: 10 },
  policy: 'default',
  policyParameters: {},
  kvType: 'f16',
};
const repository = { files: 3, tokens: 2_000, totalFiles: 3, totalTokens: 2_000 };
const ready: SessionState = { kind: 'ready', result: openResult({ repository }), notice: null };
const begun = { cause: 'requested', progress: null, cancelling: false, notice: null } as const;

interface Stage {
  readonly confirmed: ConfirmedReading;
  /** What was done and asked, in order. */
  readonly done: string[];
  wanted: OpenParameters;
  state: SessionState;
}

interface Setting {
  readonly state?: SessionState;
  readonly speed?: number | null;
  /** What other settings come to, each time they are asked about. */
  readonly adopts?: Adopted[];
}

/** @param onConfirm what the user says, and what happens meanwhile */
function stage(
  change: Partial<OpenParameters>,
  onConfirm: (stage: Stage) => boolean = () => false,
  { state = ready, speed = 200, adopts = [] }: Setting = {},
): Stage {
  const done: string[] = [];
  const did = (what: string): Promise<void> => Promise.resolve(void done.push(what));
  const made: Stage = {
    done,
    wanted: { ...read, ...change },
    state,
    confirmed: new ConfirmedReading({
      session: {
        get state() {
          return made.state;
        },
        declined: false,
        readWith: read,
        propose: () => did('propose'),
        adopt: () => {
          const next = adopts.length > 1 ? adopts.shift() : adopts[0];
          return Promise.resolve(next ?? needsReading);
        },
        read: (cause) => did(`read ${cause}`),
        continueReading: () => did('continue'),
        restart: () => did('restart'),
        consult: () => Promise.reject(new Error('Nothing is to be counted.')),
      },
      parameters: () => made.wanted,
      speed: () => speed,
      dialogs: {
        confirm: (text) => {
          done.push(text);
          return Promise.resolve(onConfirm(made));
        },
        counting: (work) => work(),
        inform: (text) => void done.push(text),
      },
      log: { warn: (text) => void done.push(text) },
    }),
  };
  return made;
}

const size = 'This repository has about 2K tokens.';
const first = 'Loci discards the current memory first.';

describe('settings that lead to another memory', () => {
  it.each([{ modelPath: '/m.gguf' }, { gpu: 'cpu' } as const])(
    'are asked about where they give up the memory for some seconds: %j',
    async (change) => {
      const kept = stage(change);
      await kept.confirmed.read('settings');
      expect(kept.done).toEqual([`${size} Reading takes about 10 s. ${first}`]);
      const given = stage(change, () => true);
      await given.confirmed.read('settings');
      expect(given.done.at(-1)).toBe('read settings');
      expect(given.done).toHaveLength(2);
    },
  );

  it('are asked about where nothing is known of the other model', async () => {
    const { confirmed, done } = stage({ modelPath: '/m.gguf' }, undefined, { speed: null });
    await confirmed.read('settings');
    expect(done).toEqual([`${size} Reading may take a long time. ${first}`]);
  });

  it.each(['read', 'restart'] as const)(
    'are asked about when the user says %s after having said no',
    async (command) => {
      const { confirmed, done } = stage({ modelPath: '/m.gguf' });
      await (command === 'read' ? confirmed.read('requested') : confirmed.restart());
      expect(done).toEqual([`${size} Reading takes about 10 s. ${first}`]);
    },
  );

  it.each([
    ['the memory answers until the other is read', { kvType: 'q8_0' } as const, 200, ready],
    ['it takes a moment', { modelPath: '/m.gguf' }, 1_000, ready],
    ['nothing is lost', { modelPath: '/m.gguf' }, 200, { kind: 'cancelled' } as const],
  ])('are not asked about where %s', async (_, change, speed, state) => {
    const { confirmed, done } = stage(change, undefined, { speed, state });
    await confirmed.read('settings');
    expect(done).toEqual(['read settings']);
  });

  it('read nothing where they come to the memory that is there', async () => {
    const { confirmed, done } = stage({ kvType: 'q8_0' }, undefined, {
      adopts: [{ kind: 'taken' }],
    });
    await confirmed.read('settings');
    expect(done).toEqual([]);
  });

  it('that change while the question is on screen are asked about anew', async () => {
    const paths = ['/two.gguf', '/two.gguf'];
    const { confirmed, done } = stage({ modelPath: '/one.gguf' }, (now) => {
      now.wanted = { ...read, modelPath: paths.shift() ?? null };
      // Told of this change meanwhile, too: one question is enough.
      void now.confirmed.read('settings');
      return true;
    });
    await confirmed.read('settings');
    expect(done).toHaveLength(3);
    expect(done[1]).toBe(done[0]);
    expect(done[2]).toBe('read settings');
  });
});

describe('a larger budget', () => {
  const growth = { tokens: 600, bytes: 2 ** 20, fits: true };
  const larger = { kind: 'reading', growth, sentence: 'It is 600 tokens here.' } as const;
  const tight = { ...larger, growth: { ...growth, fits: false } };

  it('is read at once where the memory answers meanwhile', async () => {
    const { confirmed, done } = stage({}, undefined, { adopts: [larger] });
    await confirmed.read('settings');
    expect(done).toEqual(['read settings']);
  });

  it('says what it means, and asks, where that takes minutes', async () => {
    const { confirmed, done } = stage({}, () => true, { adopts: [larger], speed: 10 });
    await confirmed.read('settings');
    expect(done).toEqual([larger.sentence, 'read settings']);
  });

  it('asks where both memories do not fit', async () => {
    const { confirmed, done } = stage({}, undefined, { adopts: [tight] });
    await confirmed.read('settings');
    expect(done).toEqual([tight.sentence]);
  });

  it('is not read where it is a smaller one by the time the user has agreed', async () => {
    const smaller = (now: Stage): boolean => {
      now.wanted = { ...read, budget: { unit: 'percent', value: 5 } };
      return true;
    };
    const adopts: Adopted[] = [tight, { kind: 'taken' }];
    const { confirmed, done } = stage({}, smaller, { adopts });
    await confirmed.read('settings');
    expect(done).toEqual([tight.sentence]);
  });
});

describe('continuing', () => {
  it.each([
    [{ ...ready, result: openResult({ repository, complete: false }) } as const, 'continue'],
    [ready, 'There is no stopped reading. Run Loci: Read Repository.'],
    [
      { kind: 'reading', ...begun, result: openResult({ complete: false }) } as const,
      'There is no stopped reading. Run Loci: Read Repository.',
    ],
  ])('goes on only where a reading was stopped: %#', async (state, what) => {
    const { confirmed, done } = stage({ modelPath: '/m.gguf' }, undefined, { state });
    await confirmed.continue();
    expect(done).toEqual([what]);
  });
});
