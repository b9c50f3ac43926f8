/** `#lociMemory`: agents in the editor are given passages by the engine that runs anyway. */

import * as vscode from 'vscode';
import { EngineRequestError } from '../../engine-client/client.ts';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import type { EngineSession } from '../../engine-client/session.ts';
import { memoryOf } from '../../engine-client/session-state.ts';
import { agentQuestionSchema, takesQuestion } from '../../protocol/agent-question.ts';
import type { Answer } from '../../protocol/answer.ts';
import { shownPassagesText, visiblePassages } from '../../report/passages.ts';

const notRead =
  'Loci has not read this repository yet. Ask the user to run “Loci: Read Repository”, or search the files.';

/** Finds passages; never begins a long reading, which is the user's to decide. */
export class MemoryTool implements vscode.LanguageModelTool<unknown> {
  readonly #session: EngineSession;
  readonly #log: vscode.LogOutputChannel;

  constructor(session: EngineSession, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#log = log;
  }

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: 'Looking into the memory of this repository' };
  }

  /** @throws Error with one sentence, which the editor gives to the agent */
  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const asked = agentQuestionSchema.safeParse(input);
    if (!asked.success) throw new Error(`#lociMemory takes ${takesQuestion}.`);
    try {
      const text = shownPassagesText(visiblePassages(await this.#find(asked.data.question, token)));
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      this.#log.warn(`#lociMemory: ${failureDetail(error)}`);
      throw new Error(failureSentence(error), { cause: error });
    }
  }

  /** @throws EngineRequestError */
  async #find(question: string, token: vscode.CancellationToken): Promise<Answer> {
    const session = this.#session;
    const isLeftToUser = (): boolean => {
      const { state } = session;
      return state.kind === 'proposed' || (session.declined && memoryOf(state) === null);
    };
    if (isLeftToUser()) throw new EngineRequestError('not-open', notRead);
    const controller = new AbortController();
    const subscriptions = [
      token.onCancellationRequested(() => {
        controller.abort();
      }),
      session.onDidChange(() => {
        if (isLeftToUser()) controller.abort();
      }),
    ];
    try {
      // Nothing is written: the model's own settings do not matter.
      const how = { recall: 'identifiers', maxTokens: 1, seed: 0, temperature: 0 } as const;
      const asked = { ...how, question, mode: 'passages' } as const;
      return await session.ask(asked, () => undefined, controller.signal);
    } catch (error) {
      if (!token.isCancellationRequested && isLeftToUser()) {
        throw new EngineRequestError('not-open', notRead);
      }
      throw error;
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }
}
