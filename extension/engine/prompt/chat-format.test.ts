import { describe, expect, it } from 'vitest';
import { EngineError } from '../core/errors.ts';
import { createChatFormat } from './chat-format.ts';

type Turns = readonly { readonly role: string; readonly content: string }[];
type Template = (turns: Turns, opensAnswer: boolean) => string;

const tokens = {
  bos: -1,
  eos: 3,
  fimPrefix: -1,
  fimSuffix: -1,
  fimMiddle: -1,
  fimRepository: -1,
  fimFileSeparator: -1,
};

/** Makes a model whose tokens are characters, with a template from the test. */
const modelOf = (
  template: Template,
  chatTemplate: string | null = 'given',
): Parameters<typeof createChatFormat>[0] => ({
  info: { addBos: false, chatTemplate, tokens },
  applyChatTemplate: template,
  tokenize: (text) => Int32Array.from(text, (character) => character.codePointAt(0) ?? 0),
  tokenBytes: (token) => new TextEncoder().encode(String.fromCodePoint(token)),
});
const textOf = (ids: Int32Array): string => String.fromCodePoint(...ids);

const sound: Template = (turns, opensAnswer) =>
  `${turns.map(({ role, content }) => `<${role}>${content}</>`).join('')}${opensAnswer ? '<assistant>' : ''}`;
const foreign = (): never => {
  throw new Error("jinja2.exceptions.TemplateError: 'Conversation roles must alternate'");
};
/** The valid template, except for turns of one role. */
const butFor =
  (role: string, other: Template): Template =>
  (turns, opensAnswer) =>
    (turns[0]?.role === role ? other : sound)(turns, opensAnswer);

/** Returns a model's prompts as text: its prologue, a question, and the end of an answer. */
function prompts(template: Template, chatTemplate?: string | null): string[] {
  const chat = createChatFormat(modelOf(template, chatTemplate));
  return [chat.prologue, chat.question(' What? '), chat.answerEnd].map(textOf);
}

const task = 'You answer questions about the repository.';
const [system, question, end] = [`<system>${task}</>`, '<user>What?</><assistant>', '</>'];
const eos = String.fromCodePoint(tokens.eos);
const plain = [`${task}\n\n`, '\n\nQuestion: What?\nAnswer:', ''];

describe('a template that works', () => {
  it.each<[string, Template, string[]]>([
    ['knows all turns', sound, [system, question, end]],
    ['throws for a system turn', butFor('system', foreign), ['', question, end]],
    ['leaves out a system turn', butFor('system', () => ''), ['', question, end]],
    [
      'has a system text of its own',
      butFor('system', () => '<system>Be good.</>'),
      ['', question, end],
    ],
    [
      'says a system turn twice',
      butFor('system', (turns) => sound([...turns, ...turns], false)),
      ['', question, end],
    ],
    [
      'throws for an answer without a question',
      butFor('assistant', foreign),
      [system, question, eos],
    ],
    ['leaves out an answer', butFor('assistant', () => ' '), [system, question, eos]],
    [
      'never ends an answer',
      butFor('assistant', (turns) => `${sound(turns, false)}${'!'.repeat(1e6)}`),
      [system, question, eos],
    ],
    ['puts the question alone', (turns) => turns[0]?.content ?? '', [task, 'What?', '']],
  ])('%s', (_, template, expected) => {
    expect(prompts(template)).toEqual(expected);
  });
});

describe('no template', () => {
  it.each([[null], [''], [' \n\t ']])('%j is asked in plain text', (chatTemplate) => {
    expect(prompts(foreign, chatTemplate)).toEqual(plain);
  });
});

describe('a template that does not keep the question', () => {
  const changed =
    "The model's chat template changes the text of a user turn. Choose another build of this model.";
  it.each<[string, Template]>([
    ['uses no turn', () => 'Hello.'],
    ['is silent', () => ''],
    ['ignores the user', butFor('user', () => '<assistant>')],
    ['says each turn twice', (turns) => sound([...turns, ...turns], true)],
    ['changes its letters', (turns) => sound(turns, true).toUpperCase()],
    ['cuts it', (turns) => sound(turns, true).slice(0, 12)],
    ['never ends', (turns) => `${sound(turns, true)}${'<turn>'.repeat(1e6)}`],
    ['begins without end', (turns) => `${'<turn>'.repeat(1e6)}${sound(turns, true)}`],
  ])('%s: refused as the model is loaded, in one sentence', (_, template) => {
    let error: unknown;
    try {
      createChatFormat(modelOf(template));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'model-unsupported', message: changed });
  });

  it('throws: what it says is the cause for the log, not the sentence', () => {
    let error: unknown;
    try {
      createChatFormat(modelOf(foreign));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      message: 'The engine failed unexpectedly. See the log for the cause.',
      cause: { message: expect.stringContaining('must alternate') as string },
    });
  });
});

describe('a template that reasons', () => {
  const reasons: Template = (turns, opensAnswer) =>
    `${sound(turns, opensAnswer)}${opensAnswer ? '<think>' : ''}`;

  it('opens the reasoning before an answer alone, not after earlier questions', () => {
    const chat = createChatFormat(modelOf(reasons, '<think> </think>'));
    expect(textOf(chat.question('What?'))).toBe(question);
    expect(textOf(chat.reasoning?.opening ?? new Int32Array())).toBe('<think>');
  });

  it('leaves it to the model where the template does', () => {
    const chat = createChatFormat(modelOf(sound, '<think> </think>'));
    expect(textOf(chat.question('What?'))).toBe(question);
    expect(chat.reasoning?.opening).toBeNull();
    expect(createChatFormat(modelOf(sound)).reasoning).toBeNull();
  });
});
