/**
 * Measures quality against budget: reads one repository once per policy and budget, and asks the
 * same questions each time.
 */

import { EngineRequestError } from '../engine-client/client.ts';
import type { EngineClient } from '../engine-client/client.ts';
import type { Budget } from '../protocol/budget.ts';
import { openRequest } from '../protocol/requests/open.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { PolicyName } from '../protocol/policies.ts';
import { mostProbesPerRequest, scoreRequest } from '../protocol/requests/score.ts';
import type { Accuracy, QualityCell, QualityReport } from '../protocol/quality-report.ts';
import { probesRequest } from '../protocol/requests/probes.ts';
import type { Probe, ProbeSet, QuestionForm } from '../protocol/requests/probes.ts';
import type { ProbeScore } from '../protocol/requests/score.ts';
import { accuracyOf } from './accuracy.ts';
import { budgetLabel, byDemand, tokensWanted } from './budgets.ts';

/** The part of an engine's client that a measurement uses. */
export type QualityEngine = Pick<EngineClient, 'request'>;

export interface QualityPlan {
  /** The repository, the model and the device. */
  readonly opening: Omit<OpenParameters, 'budget' | 'policy'>;
  /** Without `full`, which is always measured if it fits. */
  readonly policies: readonly PolicyName[];
  readonly budgets: readonly Budget[];
  readonly questions: number;
  readonly seed: number;
  readonly form: QuestionForm;
}

/** The current step, e.g. `laprox at 10%`; while asking, also its progress. */
export interface QualityStep {
  /** Counts from 1. */
  readonly step: number;
  /** An upper bound; budgets that turn out not to fit are left out. */
  readonly steps: number;
  readonly label: string;
  readonly activity: 'reading' | 'asking';
  readonly asked: number;
  readonly questions: number;
}

export interface Measurement {
  readonly report: QualityReport;
  readonly probes: readonly Probe[];
  /** By the label of the cell, in the order of the probes. */
  readonly scores: ReadonlyMap<string, readonly ProbeScore[]>;
}

/** Failures of one cell that do not stop the others. */
const ofOneCell: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['budget-too-small', 'out-of-memory']);

/**
 * Measures every policy at every budget, the line alone, and the policy `full` if everything fits.
 * The engine lowers budgets that exceed the model's context; only the first of those is measured.
 * @param onStep is called before each step and after each batch of questions.
 * @throws EngineRequestError `no-questions` if the repository yields none; `cancelled`; the
 *   engine's error if nothing could be measured.
 */
export async function measureQuality(
  engine: QualityEngine,
  plan: QualityPlan,
  onStep: (step: QualityStep) => void,
  signal: AbortSignal,
): Promise<Measurement> {
  return new Measuring(engine, plan, onStep, signal).run();
}

interface Opened {
  readonly result: OpenResult;
  readonly label: string;
}

class Measuring {
  readonly #engine: QualityEngine;
  readonly #plan: QualityPlan;
  readonly #onStep: (step: QualityStep) => void;
  readonly #signal: AbortSignal;
  readonly #steps: number;
  readonly #cells: QualityCell[] = [];
  readonly #notices: string[] = [];
  readonly #scores = new Map<string, readonly ProbeScore[]>();
  #step = 0;
  #first: OpenResult | null = null;
  #asked: ProbeSet = { probes: [], candidates: 0 };
  #alone: Accuracy | null = null;
  /** The largest budget that the model's context allows; known once a budget was lowered to it. */
  #limit: number | null = null;
  #failure: unknown = null;

  constructor(
    engine: QualityEngine,
    plan: QualityPlan,
    onStep: (step: QualityStep) => void,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#plan = plan;
    this.#onStep = onStep;
    this.#signal = signal;
    this.#steps = plan.policies.length * plan.budgets.length + 1;
  }

  async run(): Promise<Measurement> {
    const budgets = byDemand(this.#plan.budgets);
    for (const policy of this.#plan.policies) {
      let limited = false;
      for (const budget of budgets) {
        this.#step += 1;
        if (limited && this.#exceeds(budget)) continue;
        const cell = await this.#measure(policy, budget);
        if (cell === null) continue;
        this.#cells.push(cell);
        limited ||= cell.budgetTokens === this.#limit;
      }
    }
    this.#step = this.#steps;
    const full = await this.#full();
    if (this.#first === null || this.#alone === null) throw this.#failure;
    return {
      report: this.#report(this.#first, this.#alone, full),
      probes: this.#asked.probes,
      scores: this.#scores,
    };
  }

  async #measure(policy: PolicyName, budget: Budget): Promise<QualityCell | null> {
    const opened = await this.#open(policy, budget);
    if (opened === null) return null;
    const { result, label } = opened;
    if (this.#first === null) {
      this.#first = result;
      await this.#prepare(result);
    }
    const wanted = tokensWanted(budget, result.repository.tokens);
    if (wanted !== null && result.budget.tokens < wanted) this.#tellLimit(result);
    return {
      policy,
      budget: budgetLabel(budget),
      budgetTokens: result.budget.tokens,
      heldTokens: result.memory.heldTokens,
      budgetShare: Math.min(1, result.budget.tokens / result.repository.tokens),
      kvBytes: result.memory.kvBytes,
      readSeconds: result.timings.ingestMs / 1000,
      accuracy: await this.#ask(label, true),
    };
  }

  /** Chooses the questions and scores the line alone, which depends on no budget. */
  async #prepare(result: OpenResult): Promise<void> {
    const { questions, seed, form } = this.#plan;
    this.#asked = await this.#engine.request(
      probesRequest,
      { questions, seed, form },
      this.#signal,
    );
    if (this.#asked.probes.length === 0) {
      throw new EngineRequestError(
        'no-questions',
        `None of the ${String(result.repository.files)} files has a line to ask about. Use a repository with constants, imports or definitions in a supported language.`,
      );
    }
    this.#alone = await this.#ask('without memory', false);
  }

  /** Measures with everything held, if it fits in the context. */
  async #full(): Promise<QualityCell | null> {
    const budget: Budget = { unit: 'percent', value: 100 };
    const tokens = this.#first?.repository.tokens ?? 0;
    if (this.#first === null || (this.#limit !== null && tokens > this.#limit)) return null;
    return this.#measure('full', budget);
  }

  async #open(policy: PolicyName, budget: Budget): Promise<Opened | null> {
    const label = policy === 'full' ? 'full' : `${policy} at ${budgetLabel(budget)}`;
    this.#tell(label, 'reading', 0);
    try {
      const parameters = { ...this.#plan.opening, policy, budget, exactShare: true };
      const result = await this.#engine.request(openRequest, parameters, this.#signal);
      if (!result.complete || this.#signal.aborted) throw cancelled();
      return { result, label };
    } catch (error) {
      if (!(error instanceof EngineRequestError) || !ofOneCell.has(error.code)) throw error;
      this.#failure ??= error;
      this.#notice(`${label} was skipped: ${error.message}`);
      return null;
    }
  }

  async #ask(label: string, attendMemory: boolean): Promise<Accuracy> {
    const { probes } = this.#asked;
    const scores: ProbeScore[] = [];
    while (scores.length < probes.length) {
      this.#tell(label, 'asking', scores.length);
      const batch = probes.slice(scores.length, scores.length + mostProbesPerRequest);
      const parameters = { probes: batch, form: this.#plan.form, attendMemory };
      scores.push(...(await this.#engine.request(scoreRequest, parameters, this.#signal)));
    }
    this.#scores.set(label, scores);
    return accuracyOf(scores);
  }

  #exceeds(budget: Budget): boolean {
    const wanted = tokensWanted(budget, this.#first?.repository.tokens ?? 0);
    return this.#limit !== null && wanted !== null && wanted >= this.#limit;
  }

  #tellLimit(result: OpenResult): void {
    this.#limit = result.budget.tokens;
    const share = (100 * result.budget.tokens) / result.repository.tokens;
    this.#notice(
      `The model's context allows a budget of ${result.budget.tokens.toLocaleString('en-US')} tokens, ${share.toFixed(1)} % of this repository. Larger budgets were lowered to it.`,
    );
  }

  #notice(sentence: string): void {
    if (!this.#notices.includes(sentence)) this.#notices.push(sentence);
  }

  #tell(label: string, activity: QualityStep['activity'], asked: number): void {
    const questions = this.#asked.probes.length;
    const step = { step: this.#step, steps: this.#steps };
    this.#onStep({ ...step, label, activity, asked, questions });
  }

  #report(first: OpenResult, alone: Accuracy, full: QualityCell | null): QualityReport {
    const { probes, candidates } = this.#asked;
    const of = (kind: Probe['kind']): number =>
      probes.filter((probe) => probe.kind === kind).length;
    if (probes.length < this.#plan.questions) {
      this.#notice(
        `This repository provides only ${String(probes.length)} of the ${String(this.#plan.questions)} requested questions.`,
      );
    }
    return {
      model: first.model.name,
      device: first.gpu,
      files: first.repository.files,
      tokens: first.repository.tokens,
      seed: this.#plan.seed,
      form: this.#plan.form,
      candidates,
      kinds: { constant: of('constant'), import: of('import'), symbol: of('symbol') },
      alone,
      full,
      cells: this.#cells,
      notices: this.#notices,
    };
  }
}

function cancelled(): EngineRequestError {
  return new EngineRequestError('cancelled', 'Cancelled.');
}
