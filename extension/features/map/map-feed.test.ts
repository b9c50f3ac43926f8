import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openResult } from '../../../test/fixtures/open-result.ts';
import type { EngineClient } from '../../engine-client/client.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import type { FileShare } from '../../protocol/file-share.ts';
import type { Progress } from '../../protocol/notifications/progress.ts';
import type { ToMap } from '../../protocol/webview.ts';
import { MapFeed } from './map-feed.ts';

const file = (path: string, kept: number): FileShare => ({ path, tokens: 10, kept });
const progress: Progress = {
  phase: 'reading',
  files: 1,
  totalFiles: 9,
  tokens: 100,
  totalTokens: 900,
  tokensPerSecond: 10,
  etaSeconds: 80,
  heldTokens: 50,
  budgetTokens: 90,
};
const begun = { cause: 'requested', cancelling: false, notice: null } as const;
const firstReading: SessionState = { kind: 'reading', progress, ...begun, result: null };

function ready(...files: readonly FileShare[]): SessionState {
  return { kind: 'ready', result: openResult({ files: [...files] }), notice: null };
}

/** A feed whose engine answers when it is told to. */
class Stand {
  state: SessionState = { kind: 'idle' };
  listens = true;
  changed: readonly string[] = [];
  choices = { excluded: [] as string[], pinned: [] as string[] };
  readonly posted: ToMap[] = [];
  readonly asked: ((files: readonly FileShare[] | null) => void)[] = [];
  readonly feed: MapFeed;

  constructor() {
    const request = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        this.asked.push((files) => {
          if (files === null) reject(new Error('Nothing has been read yet.'));
          else resolve({ files, lines: [], heads: [] });
        });
      });
    // The feed sends one request and nothing else.
    const client = { request } as unknown as EngineClient;
    const session = {
      consult: <T>(work: (client: EngineClient) => Promise<T>): Promise<T> => work(client),
    };
    this.feed = new MapFeed({
      session: Object.defineProperty(session, 'state', {
        get: () => this.state,
      }) as typeof session & { readonly state: SessionState },
      sessionView: () => ({ kind: 'idle' }),
      changed: () => this.changed,
      choices: () => this.choices,
      listens: () => this.listens,
      post: (message) => this.posted.push(message),
    });
  }

  /** What was posted since it was last asked: types, and the paths of the files. */
  news(): readonly string[] {
    return this.posted
      .splice(0)
      .map((message) =>
        message.type === 'map'
          ? `map ${message.files.map(({ path }) => path).join(' ')}`.trim()
          : message.type,
      );
  }
}

let stand: Stand;

beforeEach(() => {
  vi.useFakeTimers();
  stand = new Stand();
});

afterEach(() => {
  stand.feed.dispose();
  vi.useRealTimers();
});

describe('the feed of the map', () => {
  it('tells all files once, then only the state, and all again when they or the changes differ', () => {
    stand.state = ready(file('a.ts', 1));
    expect(stand.feed.snapshot()).toMatchObject({ type: 'map', files: [{ path: 'a.ts' }] });
    stand.feed.update();
    expect(stand.news()).toEqual(['session']);
    stand.changed = ['a.ts'];
    vi.advanceTimersByTime(600);
    stand.feed.update();
    expect(stand.news()).toEqual(['map a.ts']);
    stand.state = ready(file('a.ts', 0.5), file('b.ts', 1));
    vi.advanceTimersByTime(600);
    stand.feed.update();
    expect(stand.news()).toEqual(['map a.ts b.ts']);
  });

  it('tells at most twice a second, and the newest in the end', () => {
    for (let step = 0; step < 100; step++) {
      stand.state = ready(file(`step-${String(step)}.ts`, 1));
      stand.feed.update();
      vi.advanceTimersByTime(20);
    }
    vi.advanceTimersByTime(1_000);
    const news = stand.news();
    expect(news.length).toBeLessThanOrEqual(6);
    expect(news.length).toBeGreaterThanOrEqual(4);
    expect(news.at(-1)).toBe('map step-99.ts');
  });

  it('asks what is held while the repository is read for the first time, once at a time', async () => {
    stand.state = firstReading;
    for (let step = 0; step < 5; step++) {
      stand.feed.update();
      await vi.advanceTimersByTimeAsync(600);
    }
    expect(stand.asked).toHaveLength(1);
    stand.asked[0]?.([file('a.ts', 1)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(stand.news()).toEqual(['map a.ts']);
    await vi.advanceTimersByTimeAsync(600);
    expect(stand.asked).toHaveLength(2);
    // It ended meanwhile: what is told late is of no use any more.
    stand.state = ready(file('whole.ts', 1));
    stand.feed.update();
    stand.asked[1]?.([file('a.ts', 1)]);
    await vi.advanceTimersByTimeAsync(600);
    expect(stand.news()).toEqual(['map whole.ts']);
  });

  it('goes on where the engine has nothing to tell yet', async () => {
    stand.state = firstReading;
    stand.feed.update();
    stand.asked[0]?.(null);
    await vi.advanceTimersByTimeAsync(600);
    expect(stand.news()).toEqual([]);
    stand.feed.update();
    expect(stand.asked).toHaveLength(2);
  });

  it('looks at a large memory more seldom', async () => {
    stand.state = { ...firstReading, progress: { ...progress, tokens: 16_000_000 } };
    stand.feed.update();
    stand.asked[0]?.([]);
    await vi.advanceTimersByTimeAsync(0);
    stand.feed.update();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stand.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(stand.asked).toHaveLength(2);
  });

  it('tells and asks nothing while no page is there', () => {
    stand.listens = false;
    stand.state = firstReading;
    stand.feed.update();
    expect([stand.news(), stand.asked]).toEqual([[], []]);
  });
});
