/** Names from model files, wherever they are shown: one short line of visible characters. */

import { describe, expect, it } from 'vitest';
import { modelMetadata } from '../../test/fixtures/gguf-writer.ts';
import { modelFiles, text } from '../../test/fixtures/model-files.ts';
import { requireInfill } from '../engine/prompt/completion-prompt.ts';
import type { NativeModel } from '../engine/native/contract.ts';
import { withoutIcons } from '../features/editor/without-icons.ts';
import { modelDetail } from '../features/models/model-text.ts';

const { validate } = modelFiles();

/** Names that a file may have, and what is shown. */
const names: readonly (readonly [string, string, string])[] = [
  ['plain', 'Qwen 3 0.6B', 'Qwen 3 0.6B'],
  ['of another script', '通义千问', '通义千问'],
  ['with a colour of the terminal', 'a\u001b[31mred', 'a\uFFFD[31mred'],
  ['of two lines', 'one\r\ntwo', 'one two'],
  ['with a right-to-left override', 'safe\u202Efugg.exe', 'safe\uFFFDfugg.exe'],
  ['with isolates', '\u2066a\u2069', '\uFFFDa\uFFFD'],
  ['with characters of no width', 'a\u200B\uFEFFb', 'a\uFFFD\uFFFDb'],
  ['with other ends of lines', 'a\u0085b\u2028c', 'a b c'],
  ['of markup', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['of 100,000 characters', 'n'.repeat(100_000), `${'n'.repeat(80)}…`],
];

describe.each(names)('a name %s', (_, name, shown) => {
  it('is shown as one line of the model that is read', async () => {
    const metadata = modelMetadata('llama', { 'general.name': text(name) });
    const validation = await validate({ metadata });
    expect(validation.ok ? validation.model.name : validation.message).toBe(shown);
  });

  it('is shown as one line of the model that cannot fill in', () => {
    const none = { fimPrefix: -1, fimSuffix: -1, fimMiddle: -1 };
    const tokens = { ...none, fimRepository: -1, fimFileSeparator: -1 };
    const info = { name, architecture: 'llama', tokens };
    const model = { info, tokenize: () => Int32Array.of(1, 2) } as unknown as NativeModel;
    expect(() => {
      requireInfill(model);
    }).toThrow(`The model ${shown} has no fill-in-the-middle tokens.`);
  });
});

it.each([
  ['', 'model.gguf'],
  [' \n', 'model.gguf'],
  ['\u202E\u200B', 'model.gguf'],
])('a name that shows nothing, %j, gives way to that of the file', async (name, shown) => {
  const validation = await validate({
    metadata: modelMetadata('llama', { 'general.name': text(name) }),
  });
  expect(validation.ok ? validation.model.name : validation.message).toBe(shown);
});

it('does not name an architecture that is not a word', async () => {
  const validation = await validate({
    metadata: modelMetadata('llama', { 'general.architecture': text('lla\u202Ema') }),
  });
  expect(validation).toMatchObject({ ok: false, message: /names no architecture\.$/u });
});

describe('the picker', () => {
  it.each([
    ['$(error) gone', String.raw`\$(error) gone`],
    ['a $(sync~spin)$(x)', String.raw`a \$(sync~spin)\$(x)`],
    [String.raw`\$(error)`, String.raw`\$(error)`],
    ['$5 (cheap)', '$5 (cheap)'],
  ])('shows %s as text', (name, label) => {
    expect(withoutIcons(name)).toBe(label);
  });

  it('shows the path of a file on one line', () => {
    const model: Parameters<typeof modelDetail>[0] = {
      path: '/models/a\nFit: yes\u202E.gguf',
      name: 'a',
      architecture: 'llama',
      known: true,
      parameters: null,
      fileBytes: 1,
      trainedContext: 1,
      bytesPerThousandTokens: 1,
      fits: 'cpu',
      freeBytes: 1,
      largestBudgetTokens: 1,
      fillsInMiddle: false,
      bundled: false,
    };
    expect(modelDetail(model).split('\n').at(-1)).toBe(
      String.raw`File: /models/a\u000aFit: yes\u202e.gguf`,
    );
  });
});
