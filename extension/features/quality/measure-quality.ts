/** Measures quality from the editor: states the cost first, and does not touch the open memory. */

import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { EngineProcess } from '../../engine-client/engine-process.ts';
import { describeExit } from '../../engine-client/exit.ts';
import { withEngine } from '../../engine-client/with-engine.ts';
import { isCode } from '../../engine-client/is-code.ts';
import type { SessionState } from '../../engine-client/session-state.ts';
import { failureDetail, failureSentence } from '../../engine-client/failure.ts';
import type { EngineListener } from '../../engine-client/client.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { byteSize, counted, duration, fullCount } from '../../report/format.ts';
import { defaultForm, defaultPolicies } from '../../quality/defaults.ts';
import { editorBudgets, editorQuestions, measuringSeconds } from '../../quality/estimate.ts';
import { measureQuality } from '../../quality/measure.ts';
import type { QualityPlan, QualityStep } from '../../quality/measure.ts';
import type { QualityPanel } from './quality-panel.ts';

export interface QualityCommandOptions {
  readonly startEngine: (listener: EngineListener) => EngineProcess;
  /** Returns the parameters from the settings. @throws EngineRequestError */
  readonly parameters: () => OpenParameters;
  readonly state: () => SessionState;
  readonly panel: QualityPanel;
  readonly log: vscode.LogOutputChannel;
}

const measure = 'Measure';

/** The command; at most one measurement at a time. */
export class QualityCommand implements vscode.Disposable {
  readonly #options: QualityCommandOptions;
  #running: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null;

  /** @param options how to start an engine and where to show the result */
  constructor(options: QualityCommandOptions) {
    this.#options = options;
  }

  /** Asks, measures and shows. Never rejects. */
  async run(): Promise<void> {
    const before = this.#running;
    if (before !== null) {
      if (!before.controller.signal.aborted) {
        void vscode.window.showInformationMessage('Loci is already measuring quality.');
        return;
      }
      // If just cancelled, its engine may still be ending.
      await before.ended;
      if (this.#running !== null) return;
    }
    const controller = new AbortController();
    const ended = this.#run(controller);
    this.#running = { controller, ended };
    await ended;
  }

  async #run(controller: AbortController): Promise<void> {
    try {
      const plan = this.#plan();
      if (await this.#confirmed(plan)) await this.#measure(plan, controller);
    } catch (error) {
      if (isCode(error, 'cancelled')) return;
      this.#options.log.error(failureDetail(error));
      void vscode.window.showErrorMessage(
        `Quality could not be measured: ${failureSentence(error)}`,
      );
    } finally {
      // Otherwise an invalid plan would fail before `run` has recorded the measurement.
      await Promise.resolve();
      this.#running = null;
    }
  }

  /** Cancels the current measurement. */
  dispose(): void {
    this.#running?.controller.abort();
  }

  #plan(): QualityPlan {
    const { policy, ...opening } = this.#options.parameters();
    return {
      opening,
      policies: defaultPolicies(policy),
      budgets: editorBudgets,
      questions: editorQuestions,
      seed: 1,
      form: defaultForm(opening),
    };
  }

  async #confirmed(plan: QualityPlan): Promise<boolean> {
    const detail = await describeCost(plan, this.#options.state());
    const answer = await vscode.window.showInformationMessage(
      'Measure how well Loci remembers this repository at several budgets?',
      { modal: true, detail },
      measure,
    );
    return answer === measure;
  }

  async #measure(plan: QualityPlan, controller: AbortController): Promise<void> {
    const { startEngine, panel, log } = this.#options;
    const { report } = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Loci: measuring quality',
        cancellable: true,
      },
      (progress, token) => {
        token.onCancellationRequested(() => {
          controller.abort();
        });
        let done = 0;
        const onStep = (step: QualityStep): void => {
          const now = (100 * (step.step - 1)) / step.steps;
          progress.report({ message: describeStep(step), increment: now - done });
          done = now;
        };
        const listener: EngineListener = {
          onLog: ({ level, text }) => {
            log[level](text);
          },
        };
        return withEngine(
          startEngine(listener),
          (client) => measureQuality(client, plan, onStep, controller.signal),
          (exit) => {
            if (exit.lastError !== null) log.error(`Last error of the engine: ${exit.lastError}`);
            return describeExit(exit, 'answering');
          },
        );
      },
    );
    log.info('Quality measurement finished.');
    panel.show(report);
  }
}

function describeStep({ step, steps, label, activity, asked, questions }: QualityStep): string {
  const doing =
    activity === 'reading' ? 'reading' : `${String(asked)} of ${String(questions)} questions`;
  return `${String(step)} of ${String(steps)}, ${label}: ${doing}`;
}

/** Describes the plan, its longest duration, and its memory use in addition to the open engine. */
async function describeCost(plan: QualityPlan, state: SessionState): Promise<string> {
  const cells = plan.policies.length * plan.budgets.length;
  const what = `Loci reads the repository up to ${counted(cells, 'time')} (${plan.policies.join(', ')}; budgets of 5 to 50 %, as far as the model's context allows) and asks ${String(plan.questions)} questions about its code each time.`;
  const memory = 'The measurement runs in a second engine, which leaves the open memory unchanged';
  if (state.kind !== 'ready') {
    return `${what} The duration can be estimated once the repository has been read. ${memory} and loads a second copy of the model.`;
  }
  const { repository, timings, model } = state.result;
  const reading = {
    tokens: repository.tokens,
    tokensPerSecond: timings.ingestTokensPerSecond,
  };
  const time = `This takes at most about ${duration(measuringSeconds(cells, plan.questions, reading))}, including questions, at the ${fullCount(reading.tokensPerSecond)} tokens per second of the last reading.`;
  const weights = await stat(model.path).then(
    ({ size }) => ` (${byteSize(size)} of weights)`,
    () => '',
  );
  return `${what} ${time} ${memory} and loads a second copy of the model${weights}.`;
}
