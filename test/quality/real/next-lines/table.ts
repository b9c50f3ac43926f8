/** Formats the results as a table: one row for each arm and origin. */
import type { Estimate } from '../../statistics.ts';
import { formatTable } from '../../table.ts';
import { armName, memoryName, randomPolicy, reference, textName } from './arms.ts';
import type { Arm } from './arms.ts';
import type { MeasuredRepository } from './document.ts';
import { summarise } from './summary.ts';
import type { Compared, Losses, Summary } from './summary.ts';
import type { Origin } from './places.ts';

/**
 * Every difference is paired by place and bootstrapped over repositories.
 * @param repositories each with its measured arms
 */
export function tableOf(
  repositories: readonly MeasuredRepository[],
  arms: readonly Arm[],
  origins: readonly Origin[],
  seed: number,
): string {
  const rows = origins.flatMap((origin) =>
    arms.map((arm) => {
      const against = (other: Arm): Summary => {
        const compared = compare(repositories, arm, other);
        return summarise(compared, origin, seed);
      };
      const nothing = against({ memory: null, text: null });
      const { loss, kept, places, tokens, keyTokens, right } = nothing;
      // A fact is scored by its whole value, a line by each token.
      const isFact = origin === 'fact';
      const gainOf = (of: Summary): string => shown(isFact ? of.rightGain : of.gain);
      const [more, shape] = isFact ? ['more', 'right'] : ['less', 'nats a token'];
      const isHeld = arm.memory !== null && arm.memory.policy !== reference.policy;
      const random = isHeld ? { ...arm.memory, policy: randomPolicy } : null;
      return {
        files: origin,
        memory: arm.memory === null ? 'nothing' : memoryName(arm.memory),
        text: arm.text === null ? '–' : textName(arm.text),
        [shape]: shown(isFact ? right : loss),
        [`${more} than with nothing`]: gainOf(nothing),
        [`${more} than the text alone`]:
          arm.memory === null || arm.text === null
            ? '–'
            : gainOf(against({ memory: null, text: arm.text })),
        [`${more} than a random memory`]:
          random === null || arm.memory?.policy === randomPolicy
            ? '–'
            : gainOf(against({ memory: random, text: arm.text })),
        'kept at key tokens': shown(kept),
        places,
        tokens,
        'key tokens': keyTokens,
        repositories: compare(repositories, arm, { memory: null, text: null }).length,
      };
    }),
  );
  return formatTable(rows);
}

/** Pairs two arms in the repositories where both were measured. */
function compare(repositories: readonly MeasuredRepository[], arm: Arm, other: Arm): Compared[] {
  return repositories.flatMap(({ arms }) => {
    const losses = (of: Arm): Losses | null => arms[armName(of)] ?? null;
    const [policy, none] = [losses(arm), losses(other)];
    if (policy === null || none === null) return [];
    return [{ none, full: losses({ memory: reference, text: null }), policy }];
  });
}

function shown(estimate: Estimate | null): string {
  if (estimate === null) return '–';
  const { mean, low, high } = estimate;
  return `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
