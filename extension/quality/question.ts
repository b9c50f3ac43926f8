/** Questions in words, for chat models that were trained to answer instead of continuing code. */

import type { Probe } from '../protocol/requests/probes.ts';

export interface WordedQuestion {
  /** The name that the question is about. */
  readonly name: string;
  readonly question: string;
  readonly answer: string;
}

const identifier = /^[A-Za-z_$][\w$]*$/u;

/** A probe in words; null if it does not fit one plain sentence. */
export function wordedQuestion({ kind, name, prompt, expected }: Probe): WordedQuestion | null {
  if (kind === 'constant') {
    const answer = expected.replace(/^(["'`])(.*)\1$/u, '$2');
    return { name, question: `What is the value of ${name}?`, answer };
  }
  if (kind !== 'import') return null;
  // Python names the module first, JavaScript the imported name.
  const moduleFirst = prompt.startsWith('from ');
  const imported = (moduleFirst ? expected : name).replace(/^\{(.*)\}$/u, '$1').trim();
  if (!identifier.test(imported)) return null;
  const question = `Which module is ${imported} imported from?`;
  return { name: imported, question, answer: moduleFirst ? name : expected };
}
