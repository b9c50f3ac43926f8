/** The light bulb: questions about the selection and about problems that the editor shows. */

import * as vscode from 'vscode';
import { questionAbout } from '../../protocol/chat-commands.ts';
import type { CodeCommand } from '../../protocol/chat-commands.ts';
import { mentionOf } from '../editor/selection.ts';
import type { Root } from '../editor/workspace-path.ts';
import { describeProblems, linesAround } from './problems.ts';

/** The most problems of one place that have a line each. */
const mostFixes = 3;
const longestTitle = 60;

const aboutSelection: readonly (readonly [CodeCommand, string])[] = [
  ['explain', 'Explain with Loci'],
  ['tests', 'Write Tests with Loci'],
  ['doc', 'Document with Loci'],
];

/** Offers questions; each asks in the chat. */
export class QuestionActions implements vscode.CodeActionProvider {
  readonly #roots: () => readonly Root[];

  /** @param roots the folders that were read */
  constructor(roots: () => readonly Root[]) {
    this.#roots = roots;
  }

  /** What is offered for a place. */
  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const roots = this.#roots();
    const mention = mentionOf(document, range, roots);
    if (mention === null) return [];
    const fixes = diagnostics.slice(0, mostFixes).map((diagnostic) => {
      const message = diagnostic.message.replaceAll(/\s+/gu, ' ').trim();
      const short = message.length > longestTitle ? `${message.slice(0, longestTitle)}…` : message;
      const question = fixQuestion(document, range, [diagnostic], roots);
      const action = askAction(`Fix with Loci: ${short}`, vscode.CodeActionKind.QuickFix, question);
      action.diagnostics = [diagnostic];
      return action;
    });
    if (range.isEmpty) return fixes;
    const others = aboutSelection.map(([command, title]) =>
      askAction(title, vscode.CodeActionKind.Refactor, questionAbout(command, mention)),
    );
    return [...fixes, ...others];
  }
}

/** Returns the question for the correction of problems, with the lines around them. */
export function fixQuestion(
  document: vscode.TextDocument,
  range: vscode.Range,
  problems: readonly vscode.Diagnostic[],
  roots: readonly Root[],
): string {
  const { from, to } = linesAround(
    [range, ...problems.map((each) => each.range)],
    document.lineCount,
  );
  const wide = range.isEmpty || problems.length > 0;
  const lines = wide ? new vscode.Range(from, 0, to, document.lineAt(to).text.length) : range;
  const mention = mentionOf(document, lines, roots) ?? '';
  return questionAbout('fix', mention, describeProblems(problems));
}

function askAction(
  title: string,
  kind: vscode.CodeActionKind,
  question: string,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.command = { title, command: 'loci.ask', arguments: [question] };
  return action;
}
