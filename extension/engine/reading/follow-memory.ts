/** The memory made true to the files: old versions are forgotten, new ones read behind the rest. */

import type { Progress } from '../../protocol/notifications/progress.ts';
import type { FollowParameters, FollowResult, Followed } from '../../protocol/requests/follow.ts';
import type { OpenParameters } from '../../protocol/requests/open.ts';
import { stillKnown } from '../answering/suggest-questions.ts';
import { isCancellation } from '../core/errors.ts';
import type { Turn } from '../core/scheduler.ts';
import { readAhead } from '../memory/read-ahead.ts';
import type { Repository } from '../memory/repository.ts';
import { cancellable } from '../native/cancellation.ts';
import { findDifferences, holdsExcluded, withoutReading } from './differences.ts';
import type { Differences } from './differences.ts';
import type { FinishedReading, HeldMemory } from './held-memory.ts';
import { notOpen } from './held-memory.ts';
import { describeOpening } from './opening.ts';
import type { Plan } from './opening.ts';
import { Reader } from './reader.ts';
import type { Refiner } from './refine.ts';

/** What takes longer is not begun unasked. */
const longestSeconds = 60;
/** A stream with so many times more dropped tokens than others is better read anew. */
const mostDropped = 4;
const fewDropped = 1_000_000;
/** Tokens to a byte before any was read. */
const typicalTokensPerByte = 0.3;

const nothing: Followed = {
  filesRead: 0,
  filesForgotten: 0,
  filesRenamed: 0,
  tokensRead: 0,
  tokensForgotten: 0,
  tokensEvened: 0,
  seconds: 0,
  pendingFiles: 0,
  pendingSeconds: 0,
};

/** What was found to be other than it was read, and of which memory. */
export interface Changes {
  readonly read: FinishedReading;
  /** With what the user leaves out by now. */
  readonly plan: Plan;
  /** Whether the user leaves out others than before. */
  readonly chosenAnew: boolean;
  /** Of the memory when they were found: with another one they are looked for again. */
  readonly revision: number;
  readonly found: Differences;
  /** What was read is not true to these files. */
  readonly pending: readonly string[];
}

/**
 * Looks for what has changed. Needs no place in the queue: it only reads, and what it finds is checked
 * before it is used.
 * @throws EngineError `not-open`, `cancelled`; RepositoryError
 */
export async function lookForChanges(
  held: HeldMemory,
  { paths, exclude, pin }: Omit<FollowParameters, 'always'>,
  signal: AbortSignal,
): Promise<Changes> {
  const { read } = held;
  if (read === null) throw notOpen();
  const { repository } = read.outcome;
  const { revision } = repository;
  const before = read.basis.plan;
  const plan = { ...before, parameters: withChoices(before.parameters, { exclude, pin }) };
  const chosenAnew =
    choicesOf(plan.parameters) !== choicesOf(before.parameters) || holdsExcluded(repository);
  const found = await findDifferences(repository, { plan, paths, listsAnew: chosenAnew }, signal);
  const moved = found.renamed.map(({ to }) => to);
  const changed = [...found.read.map(({ path }) => path), ...found.forgotten, ...moved];
  return { read, plan, chosenAnew, revision, found, pending: [...new Set(changed)] };
}

function withChoices(
  parameters: OpenParameters,
  { exclude = parameters.exclude, pin = parameters.pin }: Pick<OpenParameters, 'exclude' | 'pin'>,
): OpenParameters {
  return { ...parameters, exclude, pin };
}

/** What the user leaves out and has pinned, as text. */
function choicesOf({ exclude = [], pin = [] }: OpenParameters): string {
  return JSON.stringify([exclude, pin]);
}

/** Why changes are not followed unasked; null where they are, or where there are none. */
export function whyNotFollowed(
  { read, found, pending, chosenAnew }: Changes,
  { always }: Pick<FollowParameters, 'always'>,
): FollowResult | null {
  const { reading, repository } = read.outcome;
  const seconds = readingSeconds(read, found);
  const can = reading.complete && !isWorn(repository);
  // What the user leaves out is forgotten however long reading the rest takes.
  const begins = chosenAnew || (pending.length > 0 && (always || seconds <= longestSeconds));
  if (can && begins) return null;
  const followed = {
    ...nothing,
    pendingFiles: pending.length,
    pendingSeconds: can ? seconds : null,
  };
  return { followed, opened: null, pending: [...pending] };
}

export interface Following {
  readonly held: HeldMemory;
  readonly refiner: Pick<Refiner, 'drop'>;
  readonly parameters: FollowParameters;
  readonly changes: Changes;
  readonly turn: Turn;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Follows what has changed. It is consistent after every step: what was forgotten is in no figure, and
 * what is not read yet is pending. Old versions go first, so that the new ones find their room.
 * @returns what was done; where it was cancelled in the midst of it, what was done by then
 * @throws EngineError `not-open`; `model-unsupported` where the model cannot forget, and `cancelled`:
 *   nothing was changed then; what the addon rejects with
 */
export async function followMemory(following: Following): Promise<FollowResult> {
  const { held, parameters, turn } = following;
  let { changes } = following;
  const { repository } = changes.read.outcome;
  if (held.repository !== repository || repository.revision !== changes.revision) {
    changes = await lookForChanges(held, parameters, turn.signal);
  }
  const left = whyNotFollowed(changes, parameters);
  if (left !== null) return left;
  const done = await follow(following, changes);
  return repository.pins.lost.length === 0 ? done : readLost(following, done);
}

/** Which pinned files had lost something is known once they are pinned; they are read again then. */
async function readLost(following: Following, done: FollowResult): Promise<FollowResult> {
  const { held, parameters, turn } = following;
  try {
    const changes = await lookForChanges(held, { paths: [] }, turn.signal);
    const next = whyNotFollowed(changes, parameters) ?? (await follow(following, changes));
    return joined(done, next);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const pending = [...new Set([...done.pending, ...(held.repository?.pins.lost ?? [])])];
    return { ...done, pending, followed: { ...done.followed, pendingFiles: pending.length } };
  }
}

/** Two followings as one: the figures of both, and what is pending after the second. */
function joined(first: FollowResult, second: FollowResult): FollowResult {
  const [a, b] = [first.followed, second.followed];
  const followed = {
    ...b,
    filesRead: a.filesRead + b.filesRead,
    filesForgotten: a.filesForgotten + b.filesForgotten,
    filesRenamed: a.filesRenamed + b.filesRenamed,
    tokensRead: a.tokensRead + b.tokensRead,
    tokensForgotten: a.tokensForgotten + b.tokensForgotten,
    tokensEvened: a.tokensEvened + b.tokensEvened,
    seconds: a.seconds + b.seconds,
  };
  return { followed, opened: second.opened ?? first.opened, pending: second.pending };
}

async function follow(
  { held, refiner, parameters, turn, onProgress }: Following,
  changes: Changes,
): Promise<FollowResult> {
  const { read } = changes;
  const { basis, outcome } = read;
  const { repository } = outcome;
  const needsSeconds = readingSeconds(read, changes.found);
  const readsNow = parameters.always || needsSeconds <= longestSeconds;
  const found = readsNow ? changes.found : withoutReading(repository, changes.found);
  const { budgetTokens } = basis;
  const startedAt = performance.now();
  const before = repository.report.streamTokens;
  const dropped = await cancellable(repository.addon, turn.signal, (cancellation) =>
    repository.forgetFiles(found.forgotten, cancellation),
  );
  repository.renameFiles(found.renamed);
  repository.takeListing(found.listing);
  refiner.drop();
  try {
    await repository.pins.settle(await addTexts(repository, found, turn.signal));
    await new Reader(repository, { added: found.read }).read(turn, (progress) => {
      const { heldTokens } = repository.report;
      onProgress({ phase: 'following', ...progress, heldTokens, budgetTokens });
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
  } finally {
    // Whatever stopped it: what was forgotten is forgotten.
    held.finish(afterFollowing(changes, readsNow, performance.now() - startedAt));
  }
  const now = held.read ?? read;
  const pending = [...now.outcome.changed];
  const followed: Followed = {
    filesRead: found.read.filter(({ path }) => repository.index.fileOf(path) !== null).length,
    filesForgotten: found.forgotten.length,
    filesRenamed: found.renamed.length,
    tokensRead: repository.report.streamTokens - before,
    tokensForgotten: dropped.tokens,
    tokensEvened: dropped.evened,
    seconds: (performance.now() - startedAt) / 1000,
    pendingFiles: pending.length,
    pendingSeconds: readsNow ? 0 : needsSeconds,
  };
  const opened = describeOpening(now.basis, now.outcome, now.suggestions);
  return { followed, opened, pending };
}

/** The figures of a reading as they are once it has been followed, as far as it was. */
function afterFollowing(
  { read: { basis, outcome, suggestions }, plan, found }: Changes,
  readsNow: boolean,
  milliseconds: number,
): FinishedReading {
  const { repository } = outcome;
  const { listing, read, renamed } = found;
  const wanted = [...read.map(({ path }) => path), ...renamed.map(({ to }) => to)];
  const left = wanted.filter((path) => !readsNow || repository.index.fileOf(path) === null);
  const reading = { complete: true, milliseconds: outcome.reading.milliseconds + milliseconds };
  return {
    basis: { ...basis, plan: { ...plan, listing } },
    outcome: { ...outcome, reading, changed: left },
    suggestions: stillKnown(repository, suggestions),
  };
}

/**
 * What is asked meanwhile finds the new text, though the memory does not have it yet.
 * @returns the tokens of those that are pinned
 */
async function addTexts(
  repository: Repository,
  { renamed, read, listing }: Differences,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const pinned = new Map<string, number>();
  const moved = new Set(renamed.map(({ to }) => to));
  const files = [...listing.files.filter(({ path }) => moved.has(path)), ...read];
  for await (const each of readAhead(files, signal)) {
    if ('skipped' in each) repository.leaveOut(each.skipped);
    else {
      const { path } = each.file;
      repository.addText(path, each.text);
      if (each.file.pinned === true) pinned.set(path, repository.countTokens(path, each.text));
    }
  }
  return pinned;
}

/** About how long reading takes, at the speed at which the repository was read. */
function readingSeconds({ outcome }: FinishedReading, { read }: Differences): number {
  const { repository, reading } = outcome;
  const { index, listing, report } = repository;
  const perByte = listing.bytes > 0 ? index.fileTokens / listing.bytes : 0;
  const bytes = read.reduce((sum, file) => sum + file.bytes, 0);
  const perToken = reading.milliseconds / 1000 / Math.max(1, report.streamTokens);
  return bytes * (perByte > 0 ? perByte : typicalTokensPerByte) * perToken;
}

/** Whether the stream's numbers are used up for the greater part. */
function isWorn({ liveTokens, report }: Repository): boolean {
  const dropped = report.streamTokens - liveTokens;
  return dropped > Math.max(fewDropped, mostDropped * liveTokens);
}
