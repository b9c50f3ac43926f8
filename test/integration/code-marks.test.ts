/** Families of code models have marks of their own, in an order of their own. */
import { afterEach, describe, expect, it } from 'vitest';
import { codeMarks, completionEnds, markTokens } from '../../extension/engine/prompt/code-marks.ts';
import { requireInfill } from '../../extension/engine/prompt/completion-prompt.ts';
import { createFormats } from '../../extension/engine/prompt/formats.ts';
import type { NativeModel } from '../../extension/engine/native/contract.ts';
import { codeFamilies } from '../../extension/models/code-families.ts';
import type { MarkedFamily } from '../fixtures/marked-families.ts';
import { markedFamilies } from '../fixtures/marked-families.ts';
import type { MarkKind, MarkedModelFile } from './support/marked-models.ts';
import { markedModel, promptAt, sentencePieces } from './support/marked-models.ts';

const loaded: NativeModel[] = [];
afterEach(() => {
  for (const model of loaded.splice(0)) model.dispose();
});

async function modelOf(
  family: Pick<MarkedFamily, 'name' | 'marks'>,
  kind?: MarkKind,
  stated?: readonly string[],
): Promise<MarkedModelFile> {
  const made = await markedModel(family, kind, stated);
  loaded.push(made.model);
  return made;
}

/** The tokens of parts between `·`: marks are control tokens, other parts are plain text. */
function tokensOf(model: NativeModel, parts: string, marks: MarkedFamily['marks']): number[] {
  return parts
    .split('·')
    .flatMap((part) => [...model.tokenize(part, { special: marks.includes(part) })]);
}

describe.each(markedFamilies)('$name', (family) => {
  const { marks } = family;

  it('fills in and reads repositories as it was taught', async () => {
    const { model, code } = await modelOf(family);
    const { layout } = createFormats(model);
    const { infill, repository } = codeMarks(model);
    expect(infill?.family ?? null).toBe(family.family);
    expect(infill === null).toBe(family.prompts === null);
    const [repositoryHeader, fileHeader] = family.headers.map((text) =>
      tokensOf(model, text, marks),
    );
    const without = [...(fileHeader ?? []), ...model.tokenize('a', { special: false })];
    const [within, atEnd] = family.prompts?.map((text) => tokensOf(model, text, marks)) ?? [
      without,
      without,
    ];
    expect([...promptAt(model, { prefix: 'a', suffix: 'b' })]).toEqual(within);
    expect([...promptAt(model, { prefix: 'a', suffix: '' })]).toEqual(atEnd);
    expect([...layout.repositoryHeader('r')]).toEqual(repositoryHeader);
    expect([...layout.fileHeader('f.ts')]).toEqual(fileHeader);
    const own = marks.flatMap((mark) =>
      mark === null ? [] : [...model.tokenize(mark, { special: true })],
    );
    expect(new Set(own)).toEqual(markTokens(model));
    // The file's header says the same, before it is loaded.
    const { fimRepository, fimFileSeparator, heading } = repository;
    expect(code).toEqual({
      infill,
      files: { repository: fimRepository, file: fimFileSeparator },
      heading: heading ?? null,
    });
  });
});

it('a completion ends with what a family ends a middle with', async () => {
  const marks = ['▁<PRE>', '▁<SUF>', '▁<MID>', '▁<EOT>', null];
  const { model } = await modelOf({ name: 'CodeLlama', marks });
  const [end = -1] = model.tokenize('▁<EOT>', { special: true });
  expect(completionEnds(model)).toContain(end);
  expect(codeFamilies.find(({ name }) => name === 'CodeLlama')?.ends).toContain('▁<EOT>');
});

const fim = ['fim_pre', 'fim_suf', 'fim_mid'];
const old = ['prefix', 'suffix', 'middle'];

it.each([
  ['CodeLlama', ['▁<PRE>', '▁<SUF>', '▁<MID>'], ' \nFile: f.ts\n▁<PRE> ab▁<SUF>if x:\n▁<MID>'],
  ['Codestral', ['[PREFIX]', '[SUFFIX]'], '[SUFFIX]if x:\n[PREFIX] +++++ f.ts\n ab'],
])('%s: no blank stands before a suffix, whose line goes on', async (name, marks, expected) => {
  const family = { name, marks: [] };
  const { model } = await markedModel(family, 'control', [], sentencePieces(marks));
  loaded.push(model);
  expect(codeMarks(model).infill?.family).toBe(name);
  const names = new Map(
    marks.map((mark) => [model.tokenize(mark, { special: true })[0] ?? -1, mark]),
  );
  const spelt = Array.from(
    promptAt(model, { prefix: 'ab', suffix: 'if x:' }),
    (token) => names.get(token) ?? Buffer.from(model.tokenBytes(token)).toString(),
  );
  expect(spelt.join('')).toBe(expected);
});

it("the file's own metadata comes first: tokens that no table has, in the usual order", async () => {
  const marks = ['<before>', '<behind>', '<between>', null, null];
  for (const stated of [fim, old]) {
    const { model, code } = await modelOf({ name: 'new', marks }, 'control', stated);
    expect(code.infill).toMatchObject({ family: null, order: 'prefix-first' });
    expect(codeMarks(model).infill).toEqual(code.infill);
    expect([...promptAt(model, { prefix: 'a', suffix: 'b' })]).toEqual(
      tokensOf(model, '\nFile: f.ts\n·<before>·a·<behind>·b\n·<between>', marks),
    );
  }
});

it('ordinary tokens that metadata calls marks are a family all the same', async () => {
  const marks = ['<PRE>', '<SUF>', '<MID>', null, null];
  const { model, code } = await modelOf({ name: 'old', marks }, 'ordinary', old);
  expect(code.infill?.family).toBe('CodeLlama');
  expect(codeMarks(model).infill).toEqual(code.infill);
  expect([...model.tokenize('<PRE>', { special: false })]).not.toContain(code.infill?.prefix);
});

it.each([
  [['unusual', 'words', 'here', null, null], 'user-defined'],
  [['<unused60>', '<unused61>', '<unused62>', null, null], 'user-defined'],
  [['<unused60>', '<unused61>', '<unused62>', null, null], 'control'],
] as const)(
  'words and unused tokens that metadata calls marks are none: %j',
  async (marks, kind) => {
    const { model, code } = await modelOf({ name: 'gemma', marks }, kind, old);
    expect(code.infill).toBeNull();
    expect(codeMarks(model).infill).toBeNull();
    expect(() => {
      requireInfill(model);
    }).toThrow('The model gemma tiny has no fill-in-the-middle tokens.');
  },
);
