import { describe, expect, it } from 'vitest';
import { commitPrompt, cutNotice, messageOf, writesNone } from './commit-prompt.ts';
import { fittingPrompt } from './fitting-prompt.ts';
import type { StagedDiff } from './staged-files.ts';

const files: StagedDiff[] = [
  {
    path: 'a.ts',
    diff: `diff --git a/a.ts b/a.ts\nindex 12ab..34cd 100644\n@@ -1 +1 @@\n-a\n+b\n`,
  },
  { path: 'long.ts', diff: `+${'x'.repeat(500)}` },
  {
    path: 'c.ts',
    diff: '+@Injectable()\n+mail me@x.org @types/node\n\\ No newline at end of file\n',
  },
  { path: 'package-lock.json', diff: null },
];

describe('the question', () => {
  it('has whole changes in their order, and the names of the others', () => {
    const prompt = commitPrompt(files, 200);
    expect(prompt?.question.split('\n').slice(2)).toEqual([
      'Also changed:',
      '- long.ts',
      '- package-lock.json',
      '',
      'The changes:',
      '',
      'diff --git a/a.ts b/a.ts',
      '@@ -1 +1 @@',
      '-a',
      '+b',
      '+@ Injectable()',
      '+mail me@ x.org @ types/node',
    ]);
    expect(prompt === null ? null : cutNotice(prompt)).toBe(
      'The message is of 2 of 4 files: the changes of the others are too long or generated.',
    );
  });

  it('says nothing of a cut where there is none', () => {
    const prompt = commitPrompt(files.slice(0, 3), 10_000);
    expect(prompt?.question).not.toContain('Also changed');
    expect(prompt === null ? '' : cutNotice(prompt)).toBeNull();
  });

  it('is none where no change fits', () => {
    expect(commitPrompt(files, 5)).toBeNull();
    expect(commitPrompt([], 1_000)).toBeNull();
    expect(commitPrompt(files.slice(3), 1_000)).toBeNull();
  });

  it('names no more files than it has room for', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ path: `f${String(i)}`, diff: null }));
    const { question } = commitPrompt([...files, ...many], 10_000) ?? { question: '' };
    expect(question).toContain('- and 461 more');
    expect(question.length).toBeLessThan(2_500);
  });
});

describe('fitting it', () => {
  const make = (room: number): ReturnType<typeof commitPrompt> => commitPrompt(files, room);

  it('leaves out changes until the model has room', async () => {
    const whole = make(10_000)?.question.length ?? 0;
    const weigh = (question: string): Promise<{ tokens: number; room: number }> =>
      Promise.resolve({ tokens: question.length, room: whole - 1 });
    expect((await fittingPrompt(make, weigh))?.shown).toBe(2);
    const enough = (question: string): Promise<{ tokens: number; room: number }> =>
      Promise.resolve({ tokens: question.length, room: whole });
    expect((await fittingPrompt(make, enough))?.shown).toBe(3);
  });

  it('gives up where nothing fits', async () => {
    for (const room of [-5, 0, 10]) {
      expect(await fittingPrompt(make, () => Promise.resolve({ tokens: 100, room }))).toBeNull();
    }
  });

  it('stays short where nothing can be weighed', async () => {
    const long = [...files, { path: 'd.ts', diff: 'y'.repeat(5_000) }];
    const prompt = await fittingPrompt(
      (room) => commitPrompt(long, room),
      () => Promise.resolve(null),
    );
    expect(prompt?.shown).toBe(3);
  });
});

describe('the message of an answer', () => {
  it.each([
    ['Add a retry\n\nUploads fail often.  \n', 'Add a retry\n\nUploads fail often.'],
    ['```\nAdd a retry\n```\nThis message says it.', 'Add a retry'],
    ['```text\nAdd a retry', 'Add a retry'],
    ['Commit message:\nAdd a retry', 'Add a retry'],
    ['**Commit message:** Add a retry', 'Add a retry'],
    ['"Add a retry"', 'Add a retry'],
    ['`Add a retry`\r\n\r\nWhy.', 'Add a retry\n\nWhy.'],
    ['Say “hello” twice', 'Say “hello” twice'],
    ['Rename `a` to `b`', 'Rename `a` to `b`'],
  ])('of %j is %j', (answer, text) => {
    expect(messageOf({ kind: 'text', answer })).toEqual({ ok: true, text });
  });

  it.each(['', ' \n', '```\n```'])('is none of %j', (answer) => {
    expect(messageOf({ kind: 'text', answer }).ok).toBe(false);
  });

  it('is none of passages', () => {
    expect(messageOf({ kind: 'passages', answer: 'Here:' })).toEqual({
      ok: false,
      sentence: writesNone,
    });
  });

  it('takes little time for any answer', () => {
    const begun = performance.now();
    for (const unit of ['`', '```\n', '"', ' ', '*', 'message:', '\n', '~~~\n']) {
      messageOf({ kind: 'text', answer: unit.repeat(20_000) });
    }
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
