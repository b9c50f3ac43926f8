/** `loci ask`: reads a repository once and answers questions from that memory. */

import type { Answer } from '../protocol/answer.ts';
import type { OpenResult } from '../protocol/requests/open.ts';
import { visibleName, visibleText } from '../protocol/plain-text.ts';
import { describeUnknownName } from '../report/format.ts';
import { passagesText } from '../report/passages.ts';
import { answeringOptions, answeringParameters } from './answering-options.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { cancelled, withRepository } from './opened.ts';
import {
  flag,
  openOptions,
  openParameters,
  outputOptions,
  refineOptions,
  texts,
} from './options.ts';
import { keepOption, keepOptions } from './keep-option.ts';
import { UsageError } from './usage-error.ts';

export const askCommand: Command = {
  name: 'ask',
  summary: 'Read a repository into a fixed budget of memory and answer questions about it.',
  usage: '--repo DIR [--question TEXT]... [options]',
  options: {
    ...openOptions,
    ...refineOptions,
    ...keepOptions,
    question: {
      type: 'string',
      multiple: true,
      value: 'TEXT',
      help: 'A question. Repeat the option to ask several from the same memory.',
    },
    'question-aware': {
      type: 'boolean',
      help: 'Keep the tokens that the single --question attends to. The memory can answer only that question.',
    },
    ...answeringOptions,
    conversation: {
      type: 'boolean',
      help: 'Let each --question follow up on the questions and answers before it.',
    },
    ...outputOptions,
  },
  run,
};

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const reading = openParameters(parsed);
  const questions = texts(parsed, 'question');
  if (questions.length === 0) throw new UsageError('--question is missing. Ask at least one.');
  if (questions.some((question) => question.trim() === '')) {
    throw new UsageError('--question is empty.');
  }
  const aware = flag(parsed, 'question-aware');
  if (aware && questions.length !== 1) {
    throw new UsageError(
      '--question-aware reads the repository for one question. Use exactly one --question.',
    );
  }
  const opening = {
    ...reading,
    ...(aware ? { observedQuestion: questions[0] } : {}),
    ...keepOption(parsed, reading.roots),
  };
  const answering = answeringParameters(parsed);
  const json = flag(parsed, 'json');
  await withRepository(parsed, context, opening, async (client, opened) => {
    const answers: Answer[] = [];
    const continues = flag(parsed, 'conversation');
    for (const question of questions) {
      if (!json && questions.length > 1) terminal.out(`> ${visibleText(question)}\n`);
      const onText = (text: string, unknownNames: readonly string[]): void => {
        if (json) return;
        for (const name of unknownNames) terminal.out(`${describeUnknownName(name)}\n`);
        terminal.out(text);
      };
      const history = continues ? answers.filter(({ kind }) => kind === 'text') : [];
      const said = history.map((past) => ({ question: past.question, answer: past.answer }));
      const asked = { question, ...answering, history: said };
      const answer = await client.ask(asked, onText, signal);
      if (!json) terminal.out(answerEnd(answer));
      if (answer.stopReason === 'cancelled') throw cancelled();
      if (answer.stopReason === 'repetition') {
        terminal.note('The answer began to repeat itself and was stopped.');
      }
      for (const notice of answer.notices) terminal.note(notice);
      answers.push(answer);
    }
    if (json) terminal.json(resultDocument(opened, answers));
  });
}

/** The document of `--json`: the opened repository, with the answers before the long lists. */
function resultDocument(opened: OpenResult, answers: readonly Answer[]): unknown {
  const { model, gpu, policy, budget, repository, memory, timings, ...rest } = opened;
  return { model, gpu, policy, budget, repository, memory, timings, answers, ...rest };
}

/** Returns the text after the streamed answer. */
function answerEnd(answer: Answer): string {
  return answer.kind === 'passages' ? passagesText(answer) : `\n${describeSources(answer)}`;
}

function describeSources(answer: Answer): string {
  const lines = answer.citations.map(({ path, line }) => `  ${visibleName(path)}:${String(line)}`);
  for (const span of answer.recalled) {
    lines.push(
      `  read again: ${visibleName(span.path)}:${String(span.fromLine)}-${String(span.toLine)} (${span.signal})`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}
