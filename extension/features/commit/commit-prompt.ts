/** The question that asks for a message, and the message that an answer is. */

import type { Answer } from '../../protocol/answer.ts';
import type { StagedDiff } from './staged-files.ts';

export interface CommitPrompt {
  readonly question: string;
  /** Files whose changes are in it, and all of them. */
  readonly shown: number;
  readonly all: number;
}

/** Without an example: small models would repeat it. */
const task =
  'Write the message of a git commit for the changes below. The first line says in at most 72 characters ' +
  'what the commit does, in the imperative. If there is more to say, leave a line empty and say why in a few ' +
  'lines. Write only the message.';

/** More names would take the room of changes. */
const mostNames = 40;

/**
 * Makes the question of as many whole files as fit, in their order; the others are only named.
 * @param room for the changes, in UTF-16 units
 * @returns null if no change fits
 */
export function commitPrompt(files: readonly StagedDiff[], room: number): CommitPrompt | null {
  const shown: string[] = [];
  const named: string[] = [];
  let left = room;
  for (const { path, diff } of files) {
    const text = diff === null ? null : plainDiff(diff);
    if (text === null || text.length > left) named.push(path);
    else {
      left -= text.length;
      shown.push(text);
    }
  }
  if (shown.length === 0) return null;
  const names = named.slice(0, mostNames).map((path) => `- ${plainDiff(path)}`);
  if (named.length > mostNames) names.push(`- and ${String(named.length - mostNames)} more`);
  const others = names.length === 0 ? [] : ['Also changed:', ...names, ''];
  const question = [task, '', ...others, 'The changes:', '', ...shown].join('\n');
  return { question, shown: shown.length, all: files.length };
}

/** A difference in which no `@` names something to read again, and no line tells only git something. */
function plainDiff(diff: string): string {
  return diff
    .replace(/^(?:index [\da-f]+\.\.[\da-f]+.*|\\ No newline at end of file)\n?/gmu, '')
    .replace(/@(?=[^\s@])/gu, '@ ')
    .trimEnd();
}

/** What is to be said of a message whose question did not have all changes; null: nothing. */
export function cutNotice({ shown, all }: CommitPrompt): string | null {
  if (shown === all) return null;
  return `The message is of ${String(shown)} of ${String(all)} files: the changes of the others are too long or generated.`;
}

export type Message =
  | { readonly ok: true; readonly text: string }
  /** The sentence says what to do. */
  | { readonly ok: false; readonly sentence: string };

export const writesNone =
  'This model writes no messages. Run “Loci: Choose a Model…” and choose one that does.';

/** Returns the message that an answer is, without what models put around it. */
export function messageOf({ kind, answer }: Pick<Answer, 'kind' | 'answer'>): Message {
  if (kind === 'passages') return { ok: false, sentence: writesNone };
  const inFence = /^ {0,3}(?<mark>`{3,}|~{3,})[^\n]*\n(?<code>[^]*?)(?:^ {0,3}\k<mark>|(?![^]))/mu;
  const text = (inFence.exec(answer)?.groups?.['code'] ?? answer)
    .replace(/\r\n?/gu, '\n')
    .replace(/^\s*(?:\*\*)?(?:commit )?message:?(?:\*\*)?:?[ \t]*\n?/iu, '')
    .trim();
  const [first = '', ...rest] = text.split('\n');
  const subject = first.replace(/^["“`*]+(?<words>.*?)["”`*]+$/u, '$<words>').trim();
  if (subject === '') {
    return {
      ok: false,
      sentence: 'The model wrote no message. Try again, or stage fewer changes.',
    };
  }
  return { ok: true, text: [subject, ...rest.map((line) => line.trimEnd())].join('\n') };
}
