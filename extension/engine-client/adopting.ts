/** Taking other settings for the memory that is held, and what a reading for them gives. */

import { adoptRequest } from '../protocol/requests/adopt.ts';
import type { Adoption, Growth } from '../protocol/requests/adopt.ts';
import type { OpenParameters, OpenResult } from '../protocol/requests/open.ts';
import { describeGrowth } from '../report/growth.ts';
import { describeReadWith } from '../report/read-with.ts';
import type { EngineProcess } from './engine-process.ts';
import { isCode } from './is-code.ts';
import { parametersOf } from './parameters-of.ts';

/** What came of other settings. */
export type Adopted =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'reading';
      readonly growth: Growth | null;
      /** What a larger budget means here; null for other settings. */
      readonly sentence: string | null;
    };

/** They are those of the memory now, or the memory says what is wrong with them. */
export const taken: Adopted = { kind: 'taken' };
/** Nothing is known of the memory that a reading gives. */
export const needsReading = { kind: 'reading', growth: null, sentence: null } as const;

export interface Adopting {
  /** The figures of the memory that answers. */
  readonly before: OpenResult;
  readonly wanted: OpenParameters;
  readonly readWith: OpenParameters | null;
  readonly engine: EngineProcess | null;
  readonly safeMode: boolean;
}

/**
 * Takes the settings where they are those of the memory, or a smaller budget.
 * @throws EngineRequestError `budget-too-small`
 */
export async function adoptSettings(adopting: Adopting): Promise<Adoption> {
  const { before, wanted, readWith, engine, safeMode } = adopting;
  if (readWith !== null && describeReadWith(readWith, wanted) === null) {
    return { kind: 'taken', result: before };
  }
  if (!before.complete || engine === null) return needsReading;
  try {
    const parameters = parametersOf(wanted, { safeMode, restore: false });
    return await engine.client.request(adoptRequest, parameters);
  } catch (error) {
    if (isCode(error, 'budget-too-small')) throw error;
    return needsReading;
  }
}

/** @param speed tokens per second; null where unknown */
export function readingNeeded(
  { growth }: { readonly growth: Growth | null },
  before: OpenResult,
  speed: number | null,
): Adopted {
  const { totalTokens } = before.repository;
  const sentence = growth === null ? null : describeGrowth(growth, totalTokens, speed);
  return { kind: 'reading', growth, sentence };
}
