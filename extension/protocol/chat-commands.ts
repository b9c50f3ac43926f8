/** The commands that a question may begin with. */

export interface ChatCommand {
  /** Behind the slash. */
  readonly name: string;
  /** What it does, for the list. */
  readonly description: string;
  /** What stands before the code in the question that it makes; null: it is answered without the model. */
  readonly prompt: string | null;
  /** What stands behind the code. */
  readonly end: string;
}

/** In the order of the list. */
export const chatCommands: readonly ChatCommand[] = [
  {
    name: 'explain',
    description: 'Explain the code',
    prompt: 'Explain what this code does and why: ',
    end: '',
  },
  {
    name: 'fix',
    description: 'Find the fault and correct it',
    prompt: 'Find the fault in this code and write the corrected code: ',
    end: '',
  },
  {
    name: 'tests',
    description: 'Write tests',
    prompt: 'Write tests for this code, in the manner of the tests of this repository: ',
    end: '',
  },
  {
    name: 'doc',
    description: 'Write documentation comments',
    prompt: 'Write the documentation comments of this code, and the code with them: ',
    end: '',
  },
  {
    name: 'where',
    description: 'Find where something is defined',
    prompt: 'Where is ',
    end: ' defined?',
  },
  {
    name: 'review',
    description: 'Name faults, risks and what is unclear',
    prompt: 'Review this code. Name each fault and risk with its line, and what is unclear: ',
    end: '',
  },
  {
    name: 'memory',
    description: 'Show what is remembered, without the model',
    prompt: null,
    end: '',
  },
];

/** A question that begins with a command. */
export interface WrittenCommand {
  readonly command: ChatCommand;
  /** What is written behind it. */
  readonly rest: string;
}

/** The commands that ask about code, by name. */
export type CodeCommand = 'explain' | 'fix' | 'tests' | 'doc' | 'review';

/** Returns the question of a command about code that is named. @param more behind it, on its own lines */
export function questionAbout(name: CodeCommand, mention: string, more = ''): string {
  const command = chatCommands.find((each) => each.name === name);
  const subject = more === '' ? mention : `${mention}\n${more}`;
  return `${command?.prompt ?? ''}${subject}`;
}

/** Reads `/name rest`; null if the text begins with no command. */
export function readCommand(text: string): WrittenCommand | null {
  const match = /^\s*\/(?<name>[a-z]+)(?:\s+(?<rest>[^]*))?$/u.exec(text);
  const command = chatCommands.find(({ name }) => name === match?.groups?.['name']);
  return command === undefined ? null : { command, rest: match?.groups?.['rest']?.trim() ?? '' };
}

/**
 * Returns the question that a command makes of what is written behind it and the selection.
 * @param selection as a mention, e.g. `@src/a.ts:3-8`; null: nothing is selected
 * @returns null if there is nothing to ask about
 */
export function commandQuestion(
  { command, rest }: WrittenCommand,
  selection: string | null,
): string | null {
  const { prompt, end } = command;
  // What is named counts more than what happens to be selected.
  const named = /(?:^|[\s(])@\S/u.test(rest) || command.name === 'where';
  const parts = named && rest !== '' ? [rest] : [selection ?? '', rest];
  const subject = parts.filter((part) => part !== '').join('\n');
  if (prompt === null || subject === '') return null;
  // A sentence that goes on has no question mark in it.
  return end === '' ? `${prompt}${subject}` : `${prompt}${subject.replace(/\?+$/u, '')}${end}`;
}
