import { expect, it } from 'vitest';
import { opensReasoning, reasoningFormat } from './reasoning-marks.ts';
import type { ReasoningModel } from './reasoning-marks.ts';

/** The control tokens of the models below, from 1,000 on; other tokens are characters. */
const control = [
  ...['<|channel|>', '<|message|>', '<|start|>', '<|end|>', '[THINK]', '[/THINK]'],
  ...['<|channel>', '<channel|>', '<|START_THINKING|>', '<|END_THINKING|>', '<|START_RESPONSE|>'],
];

function modelOf(chatTemplate: string | null): ReasoningModel {
  return {
    info: { chatTemplate },
    tokenize: (text) => {
      const parts = text.match(/<[^<>]*>|\[[^[\]]*\]|[^<[]/gu) ?? [];
      return Int32Array.from(
        parts.flatMap((part) => {
          const at = control.indexOf(part);
          return at < 0 ? Array.from(part, (c) => c.codePointAt(0) ?? 0) : [1_000 + at];
        }),
      );
    },
    tokenBytes: (token) => new Uint8Array(token < 1_000 ? 1 : 0),
  };
}

/** How templates end, as their models have them. */
const ends: readonly [string, boolean, string][] = [
  [
    'Qwen 3',
    false,
    String.raw`{{- '<|im_start|>assistant\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{%- endif %}{%- endif %}`,
  ],
  [
    'Qwen 3.5',
    true,
    String.raw`{{- '<|im_start|>assistant\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{%- else %}{{- '<think>\n' }}{%- endif %}{%- endif %}`,
  ],
  ['QwQ', true, String.raw`{{- '<|im_start|>assistant\n<think>\n' }}{%- endif %}`],
  [
    'DeepSeek R1',
    true,
    String.raw` and not ns.is_tool -%}{{'<｜Assistant｜><think>\n'}}{%- endif %}`,
  ],
  [
    'DeepSeek V3.1',
    false,
    String.raw` and ns.is_last_user and not ns.is_tool -%}{{'<｜Assistant｜>'}}{%- if not thinking -%}{{'<think></think>'}}{%- else -%}{{'<think>'}}{%- endif -%}{%- endif %}`,
  ],
  [
    'GLM 4.7',
    true,
    String.raw` -%}<|assistant|>{{- '</think>' if (enable_thinking is defined and not enable_thinking) else '<think>' -}}{%- endif -%}`,
  ],
  [
    'SmolLM3',
    false,
    String.raw` -%}{%- if reasoning_mode == "/think" -%}{{ "<|im_start|>assistant\n" }}{%- else -%}{{ "<|im_start|>assistant\n" + "<think>\n\n</think>\n" }}{%- endif -%}{%- endif -%}`,
  ],
  [
    'Bielik',
    false,
    String.raw` %}{{- '<|im_start|>assistant\n' }}{%- if enable_thinking %}{{- '<think>\n' }}{%- endif %}{%- endif %}`,
  ],
];

it.each(ends)('%s: opens the reasoning itself: %s', (_, opens, end) => {
  const template = `{% set thinking = false %}{%- if add_generation_prompt${end}`;
  expect(opensReasoning(template, { open: '<think>', close: '</think>' })).toBe(opens);
});

it('knows what a template sets unless it is told otherwise', () => {
  const nemotron = String.raw`{%- set enable_thinking = enable_thinking if enable_thinking is defined else True %}{%- if add_generation_prompt %}{%- if enable_thinking %}{{- '<|im_start|>assistant\n<think>\n' }}{%- else %}{{- '<|im_start|>assistant\n<think></think>' }}{%- endif %}{%- endif %}`;
  expect(opensReasoning(nemotron, { open: '<think>', close: '</think>' })).toBe(true);
});

it.each([
  ['<think>', '</think>', null, []],
  ['[THINK]', '[/THINK]', null, ['[THINK]', '[/THINK]']],
  ['<|channel>thought', '<channel|>', null, ['<|channel>', '<channel|>']],
  [
    '<|channel|>analysis<|message|>',
    '<|end|><|start|>assistant<|channel|>final<|message|>',
    '<|channel|>final<|message|>',
    ['<|channel|>', '<|message|>', '<|end|>', '<|start|>'],
  ],
])('recognises %s by the template, and spells its control tokens', (open, close, before, spelt) => {
  const model = modelOf(`{{ '${open}' }} {{ '${close}' }}`);
  const format = reasoningFormat(model);
  expect(format?.marks).toMatchObject({ open, close, before });
  expect(format?.opening).toBeNull();
  expect(format?.marks.closeTokens).toEqual(model.tokenize(close, { special: true }));
  const spoken = [...(format?.marks.spoken ?? [])].map(([token, bytes]) => [
    control[token - 1_000],
    new TextDecoder().decode(bytes),
  ]);
  expect(new Map(spoken as [string, string][])).toEqual(new Map(spelt.map((text) => [text, text])));
});

it.each([
  [
    'Granite 3.3',
    "'<think></think>' '<response></response>'",
    '<think>',
    '<response>',
    '</response>',
  ],
  ['Hunyuan', "'<think>' '</think>' split('<answer>')", '<think>', '<answer>', '</answer>'],
  ['DeepSeek R1 at first', "content.split('</think>')[-1]", '<think>', null, null],
  ['LFM2.5', 'content.split("</think>")[-1]', '<think>', null, null],
  ['Seed-OSS', "'<seed:think>' '</seed:think>'", '<seed:think>', null, null],
  ['MiniMax M3', "'<mm:think>' '</mm:think>'", '<mm:think>', '</mm:think>', null],
  [
    'Hunyuan 3',
    "set HYTK = ':opensource' '<think{}>'.format(HYTK) '</think{}>'.format(HYTK)",
    ...['<think:opensource>', null, null],
  ],
  ['EXAONE Deep', "'<thought>' '</thought>'", '<thought>', null, null],
  ['Apertus', "'<|inner_prefix|>' '<|inner_suffix|>'", '<|inner_prefix|>', null, null],
  [
    'Apriel',
    "'Here are my reasoning steps:\\n' '[BEGIN FINAL RESPONSE]'",
    ...['Here are my reasoning steps:', null, '[END FINAL RESPONSE]'],
  ],
  [
    'Granite 3.2',
    "'Here is my thought process:' 'Here is my response:'",
    ...['Here is my thought process:', null, null],
  ],
  [
    'Command',
    "'<|START_THINKING|>' '<|END_THINKING|>'",
    ...['<|START_THINKING|>', '<|START_RESPONSE|>', '<|END_RESPONSE|>'],
  ],
  [
    'Solar Open',
    "'<|begin|>assistant<|think|>' '<|begin|>assistant<|content|>'",
    ...['<|think|>', '<|content|>', null],
  ],
])('recognises %s', (_, template, open, before, after) => {
  expect(reasoningFormat(modelOf(template))?.marks).toMatchObject({ open, before, after });
});

it('knows no reasoning without both marks', () => {
  for (const template of [null, '', '{{ content }}', "{{ '<think>' }}", "{{ '</think>' }}"]) {
    expect(reasoningFormat(modelOf(template))).toBeNull();
  }
});
