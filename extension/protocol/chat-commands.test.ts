import { describe, expect, it } from 'vitest';
import { chatCommands, commandQuestion, questionAbout, readCommand } from './chat-commands.ts';

function question(text: string, selection: string | null = null): string | null {
  const written = readCommand(text);
  return written === null ? null : commandQuestion(written, selection);
}

describe('readCommand', () => {
  it('knows each command of the list by its name alone', () => {
    for (const command of chatCommands) {
      expect(readCommand(`/${command.name}`)).toEqual({ command, rest: '' });
      expect(readCommand(` /${command.name}\r\n @a.ts \n`)).toEqual({ command, rest: '@a.ts' });
      expect(readCommand(`/${command.name}x`)).toBeNull();
    }
  });

  it.each(['explain', 'What does /explain do?', '/', '// a', '/etc/hosts is what?', '/explain/x'])(
    'takes %j for a question',
    (text) => {
      expect(readCommand(text)).toBeNull();
    },
  );
});

describe('commandQuestion', () => {
  it('asks about the selection, what is named, or both', () => {
    const prompt = 'Explain what this code does and why: ';
    expect(question('/explain', '@a.ts:3-8')).toBe(`${prompt}@a.ts:3-8`);
    expect(question('/explain @b.ts', '@a.ts:3-8')).toBe(`${prompt}@b.ts`);
    expect(question('/explain Why a loop?', '@a.ts:3-8')).toBe(`${prompt}@a.ts:3-8\nWhy a loop?`);
    expect(question('/explain the retries')).toBe(`${prompt}the retries`);
    expect(question('/explain')).toBeNull();
  });

  it('asks where a name is defined in words that the bundled model knows', () => {
    expect(question('/where MAX_RETRIES?', '@a.ts:3-8')).toBe('Where is MAX_RETRIES defined?');
    expect(question('/where @retry')).toBe('Where is @retry defined?');
    expect(question('/where')).toBeNull();
  });

  it('asks from elsewhere in the same words', () => {
    for (const name of ['explain', 'fix', 'tests', 'doc', 'review'] as const) {
      expect(questionAbout(name, '@a.ts:3')).toBe(question(`/${name}`, '@a.ts:3'));
      expect(questionAbout(name, '@a.ts:3', 'Why?')).toBe(question(`/${name} Why?`, '@a.ts:3'));
    }
  });

  it('makes no question of what the model does not answer', () => {
    expect(question('/memory', '@a.ts:3-8')).toBeNull();
  });
});
