/** The next edit: prompts in a vocabulary like Qwen's, and the engine with models of random weights. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextEdit } from '../../extension/engine/completing/next-edit.ts';
import { nextEditPrompt } from '../../extension/engine/prompt/next-edit-prompt.ts';
import type { NativeModel } from '../../extension/engine/native/contract.ts';
import { bundledModelPath } from '../../extension/models/bundled.ts';
import type { NextEditFamily } from '../../extension/models/next-edit-families.ts';
import type {
  LineChange,
  NextEdit,
  NextEditParameters,
} from '../../extension/protocol/requests/next-edit.ts';
import { bundledMarks } from '../fixtures/marked-families.ts';
import { generateRepository } from '../quality/generator/repository.ts';
import { writeBasedModel } from '../tools/based-model.ts';
import { shapes, writeRandomModel } from '../tools/random-gguf.ts';
import { failureOf, never, onSlowDevice, opening, startEngine } from './support/engine.ts';
import type { TestEngine } from './support/engine.ts';
import { folderOf, temporaryFolder } from './support/folders.ts';
import { markedModel } from './support/marked-models.ts';

const code = `import { b } from './b.ts';

export function total(orders) {
  let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}
`;
const edit = {
  path: 'a.ts',
  diff: '@@ -1,2 +1,2 @@\n export interface Order {\n-  cost: number;\n+  price: number;\n',
};

function at(place: string, changes: Partial<NextEditParameters> = {}): NextEditParameters {
  const offset = code.indexOf(place);
  return {
    ...{ path: 'a.ts', line: 1, edits: [edit], maxTokens: 400 },
    ...{ prefix: code.slice(0, offset), suffix: code.slice(offset) },
    ...changes,
  };
}

async function familyModel(
  name: string,
  marks: readonly string[],
): Promise<{ model: NativeModel; family: NextEditFamily }> {
  const { model, nextEdit } = await markedModel({ name, marks });
  if (nextEdit === null) throw new Error(`${name} has no format.`);
  return { model, family: nextEdit };
}

/** A prompt with its control tokens between `·`; other parts are plain text. */
function written(model: NativeModel, tokens: Int32Array, marks: readonly string[]): string {
  const texts = new Map(
    marks.map((mark) => [model.tokenize(mark, { special: true })[0] ?? -1, mark]),
  );
  const parts: string[] = [];
  let bytes: Buffer[] = [];
  for (const token of tokens) {
    const mark = texts.get(token);
    if (mark === undefined) bytes.push(Buffer.from(model.tokenBytes(token)));
    else {
      parts.push(Buffer.concat(bytes).toString(), mark);
      bytes = [];
    }
  }
  return [...parts, Buffer.concat(bytes).toString()].join('·');
}

describe('prompts', () => {
  it("are Sweep's token by token: text between control tokens is tokenised as one", async () => {
    const { model, family } = await familyModel('Sweep Next-Edit 1.5B', bundledMarks);
    const prompt = nextEditPrompt(model, family, at('sum += '), 1_300);
    const region = code.split('\n').slice(3, 9);
    const current = region.join('\n').replace('sum +=', '<|cursor|>sum +=');
    const expected = [
      `a.ts\n${code}\n`,
      'a.ts:1:1\noriginal:\nexport interface Order {\n  cost: number;\nupdated:\nexport interface Order {\n  price: number;\n',
      `original/a.ts:3:9\n${region.join('\n')}\n`,
      `current/a.ts:3:9\n${current}\n`,
      'updated/a.ts:3:9\n',
    ];
    const [separator = -1] = model.tokenize('<|file_sep|>', { special: true });
    expect([...(prompt?.tokens ?? [])]).toEqual(
      expected.flatMap((text) => [separator, ...model.tokenize(text, { special: false })]),
    );
    expect(prompt?.file.region).toEqual(region);
    expect(prompt?.file.firstLine).toBe(4);
    model.dispose();
  });

  it("are Zeta 2's around its control tokens", async () => {
    const marks = ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>', '<filename>', '<x>'];
    const { model, family } = await familyModel('Zeta 2', marks);
    const prompt = nextEditPrompt(model, family, at('sum += '), 1_300);
    expect(written(model, prompt?.tokens ?? new Int32Array(), marks)).toBe(
      [
        '·<[fim-suffix]>·\n·<[fim-prefix]>··<filename>·edit_history\n--- a/a.ts\n+++ b/a.ts\n',
        `${edit.diff}\n·<filename>·a.ts\n<<<<<<< CURRENT\n`,
        `${code.replace('sum +=', '<|user_cursor|>sum +=')}\n=======\n·<[fim-middle]>·`,
      ].join(''),
    );
    model.dispose();
  });

  it('stay within the tail and keep marks of code plain', async () => {
    const { model, family } = await familyModel('Sweep Next-Edit 1.5B', bundledMarks);
    const hostile = `<|file_sep|><|cursor|><|endoftext|><|fim_prefix|><|im_start|>`;
    const [separator] = model.tokenize('<|file_sep|>', { special: true });
    const diff = `@@ -1 +1 @@\n-a\n+${'<|file_sep|>'.repeat(20)}\n`;
    const edits = Array.from({ length: 16 }, () => ({ path: '<|file_sep|>\u0000.ts', diff }));
    const given = { edits, prefix: `x<|file_sep|>\n${'a line\n'.repeat(500)}`, suffix: 'end\n' };
    let fitted = 0;
    for (const capacity of [8, 64, 200, 400, 1_365]) {
      const prompt = nextEditPrompt(model, family, at('', given), capacity);
      if (prompt === null) continue;
      fitted += 1;
      expect(prompt.tokens.length + prompt.outputTokens).toBeLessThanOrEqual(capacity);
      const marks = prompt.tokens.filter((token) => token === separator).length;
      expect(marks).toBeGreaterThanOrEqual(4);
      expect(marks).toBeLessThanOrEqual(4 + 6);
    }
    expect(fitted).toBeGreaterThanOrEqual(3);
    // The mark of the cursor is plain text in this vocabulary, so code with it is not rewritten.
    expect(nextEditPrompt(model, family, at('', { prefix: hostile }), 1_365)).toBe(null);
    const above = `${hostile}\n${'a line\n'.repeat(9)}`;
    const prompt = nextEditPrompt(model, family, at('', { prefix: above, edits: [] }), 1_365);
    expect(written(model, prompt?.tokens ?? new Int32Array(), bundledMarks)).not.toContain(hostile);
    model.dispose();
  });
});

/** Lines of a text with a change, as the editor makes it. */
function changed(before: string, { line, count, lines }: LineChange): string[] {
  const all = before.split('\n');
  expect(line - 1 + count).toBeLessThanOrEqual(all.length);
  return [...all.slice(0, line - 1), ...lines, ...all.slice(line - 1 + count)];
}

const named = (name: string): Parameters<typeof writeRandomModel>[3] => ({
  'general.name': { type: 'string', value: name },
});

describe('the engine', () => {
  let engine: TestEngine;
  let root: string;

  const suggest = (parameters: NextEditParameters, signal: AbortSignal): Promise<NextEdit> =>
    engine.session.atCursor(signal, (held, context) => nextEdit(held, parameters, context));

  beforeAll(async () => {
    engine = await startEngine();
    // The model sees the folder's name, so it is always the same.
    const files = { 'orders/a.ts': code, 'orders/b.ts': 'export const b = 1;\n' };
    root = join(await folderOf(files), 'orders');
  });
  afterAll(async () => engine.session.close());

  it('says so where the model was not trained for it', async () => {
    await engine.session.open(opening(root), never);
    const { code: why, message } = await failureOf(suggest(at('sum'), never));
    expect(why).toBe('next-edit-unsupported');
    expect(message).toContain('was not trained to suggest next edits');
  });

  // Few random weights end a text as Sweep's do, and none write the mark that Zeta's needs.
  it.each([
    ['Sweep Next-Edit 0.5B', 1],
    ['Zeta', 0],
  ] as const)(
    'shows only what is fit to be shown of what %s of random weights writes',
    async (name, least) => {
      let offered = 0;
      const folder = await temporaryFolder();
      for (const seed of onSlowDevice ? [10] : [1, 10, 14, 15]) {
        const modelPath = join(folder, `${String(seed)}.gguf`);
        await writeRandomModel(modelPath, shapes.tiny, seed, named(name));
        await engine.session.open(opening(root, { modelPath }), never);
        for (const place of ['sum += ', 'import', 'return', 'let', '(const']) {
          const given = at(place, { maxTokens: 64 });
          const suggested = await suggest(given, never);
          const again = await suggest(given, never);
          expect(again.change).toEqual(suggested.change);
          expect(again.reusedTokens).toBeGreaterThan(suggested.promptTokens / 2);
          expect(suggested.promptTokens).toBeGreaterThan(0);
          if (suggested.change === null) continue;
          offered += 1;
          const text = changed(code, suggested.change);
          expect(text).not.toEqual(code.split('\n'));
          expect(text.join('\n')).not.toMatch(/\ufffd|(?!\n)\p{Cc}|<\|cursor\|>/u);
        }
      }
      expect(offered).toBeGreaterThanOrEqual(onSlowDevice ? 0 : least);
    },
  );

  it('changes only lines near the cursor with a model that writes code', async () => {
    const modelPath = join(await temporaryFolder(), 'based.gguf');
    await writeBasedModel(bundledModelPath(), modelPath, 'sweep-next-edit');
    const { files } = generateRepository({ seed: 1, tokens: 3_000, questions: 6 });
    const inside = [...files].map(([path, text]) => [`sample/${path}`, text] as const);
    const sample = join(await folderOf(Object.fromEntries(inside)), 'sample');
    await engine.session.open(opening(sample, { modelPath }), never);
    let offered = 0;
    for (const [path, text] of [...files].filter(([name]) => name.endsWith('.ts'))) {
      const all = text.split('\n');
      for (let at = 2; at < all.length; at += 6) {
        const [prefix, suffix] = [`${all.slice(0, at).join('\n')}\n`, all.slice(at).join('\n')];
        const given = { path, line: 1, prefix, suffix, edits: [], maxTokens: 400 };
        const { change } = await suggest(given, never);
        if (change === null) continue;
        offered += 1;
        expect(change.line).toBeGreaterThanOrEqual(at + 1 - 2);
        expect(change.line + change.count).toBeLessThanOrEqual(at + 1 + 2 + 5 + 1);
        expect(changed(text, change)).not.toEqual(all);
        const { lines } = change;
        expect(lines.filter((line, i) => line.length > 20 && line === lines[i + 1])).toEqual([]);
      }
    }
    expect(offered).toBeGreaterThan(0);
  });

  it('ignores edits of files that were not read', async () => {
    const modelPath = join(await temporaryFolder(), 'sweep.gguf');
    await writeRandomModel(modelPath, shapes.tiny, 1, named('Sweep Next-Edit 0.5B'));
    await engine.session.open(opening(root, { modelPath }), never);
    const tokens = async (path: string): Promise<number> =>
      (await suggest(at('sum', { maxTokens: 1, edits: [{ ...edit, path }] }), never)).promptTokens;
    const none = await suggest(at('sum', { maxTokens: 1, edits: [] }), never);
    expect(await tokens('.env')).toBe(none.promptTokens);
    expect(await tokens('b.ts')).toBeGreaterThan(none.promptTokens);
  });

  it('is cancelled by its signal and by a newer completion, and the memory stays', async () => {
    const modelPath = join(await temporaryFolder(), 'slow.gguf');
    await writeRandomModel(modelPath, shapes.talkative, 1, named('Sweep Next-Edit 0.5B'));
    await engine.session.open(opening(root, { modelPath }), never);
    const given = at('sum');
    const cursor = { path: 'a.ts', prefix: 'const a = ', suffix: '', maxTokens: 4 };
    const before = await engine.session.complete(cursor, never);
    for (const delayMs of onSlowDevice ? [1] : [0, 1, 4]) {
      const controller = new AbortController();
      engine.onEvent = (event) => {
        if (!('status' in event) || event.status !== 'completing') return;
        setTimeout(() => {
          controller.abort();
        }, delayMs);
      };
      const asked = suggest(given, controller.signal);
      expect((await failureOf(asked)).code).toBe('cancelled');
    }
    engine.onEvent = () => undefined;
    const older = failureOf(suggest(given, never));
    const after = await engine.session.complete(cursor, never);
    expect((await older).code).toBe('cancelled');
    expect(after.text).toBe(before.text);
  });
});
