/** How fast each model has read on each device, from one session to the next. */

import { z } from 'zod';
import type { OpenParameters, OpenResult } from '../../protocol/requests/open.ts';

const key = 'loci.readingSpeeds';
/** Tokens per second; what was measured last stands last. */
const speedsSchema = z.array(z.tuple([z.string(), z.number().positive()]));
const mostSpeeds = 50;
/** What is shorter says little. */
const fewestTokens = 1000;

type Choice = Pick<OpenParameters, 'modelPath' | 'gpu'>;

/** Where values outlive a session. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Kept in the editor's state for the extension. */
export class ReadingSpeeds {
  readonly #memento: Store;

  constructor(memento: Store) {
    this.#memento = memento;
  }

  /** Tokens per second; null where this model has read nothing on this device. */
  get(choice: Choice): number | null {
    return new Map(this.#all()).get(nameOf(choice)) ?? null;
  }

  /**
   * Keeps the speed of a reading.
   * @param parameters what was read with; where that makes no sense any more, nothing is kept
   */
  keep(result: OpenResult, parameters: () => Choice): void {
    const speed = result.timings.ingestTokensPerSecond;
    if (result.refined || result.repository.tokens < fewestTokens || !(speed > 0)) return;
    try {
      const name = nameOf(parameters());
      const others = this.#all().filter(([other]) => other !== name);
      void this.#memento.update(key, [...others, [name, speed]].slice(-mostSpeeds));
    } catch {
      // A setting that makes no sense is told where it matters.
    }
  }

  #all(): z.infer<typeof speedsSchema> {
    const kept = speedsSchema.safeParse(this.#memento.get(key));
    return kept.success ? kept.data : [];
  }
}

function nameOf({ modelPath, gpu }: Choice): string {
  return `${gpu} ${modelPath ?? ''}`;
}
