/** Following the files of the memory that is held: one at a time, and what was done last. */

import type { Followed, FollowParameters, FollowResult } from '../../protocol/requests/follow.ts';
import { Newest } from '../core/newest.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Statuses } from '../core/statuses.ts';
import type { Repository } from '../memory/repository.ts';
import { followMemory, lookForChanges, whyNotFollowed } from './follow-memory.ts';
import type { Following } from './follow-memory.ts';

export interface FollowerOptions extends Pick<Following, 'held' | 'refiner' | 'onProgress'> {
  readonly scheduler: Scheduler;
  readonly statuses: Statuses;
  /** Of what refines the memory: it stops before the memory is changed. */
  readonly refining: Pick<Newest, 'cancel'>;
}

/** Looks for changes beside whatever runs, and follows them in the queue. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #newest = new Newest();
  readonly #followed = new WeakMap<Repository, Followed>();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** What was done last for the memory that is held; null where nothing was. */
  get last(): Followed | null {
    const { repository } = this.#options.held;
    return repository === null ? null : (this.#followed.get(repository) ?? null);
  }

  /** Stops what is followed now, between two chunks. */
  cancel(): void {
    this.#newest.cancel();
  }

  /**
   * Makes the memory true to the files as they are now, where that takes no longer than a minute or is
   * asked for anyway. A newer call stops an older one, and opening does, between two chunks.
   * @throws EngineError as `lookForChanges` and `followMemory`
   */
  follow(parameters: FollowParameters, signal: AbortSignal): Promise<FollowResult> {
    const { scheduler, held, statuses, refining, ...own } = this.#options;
    return this.#newest.run(signal, async (either) => {
      const changes = await lookForChanges(held, parameters, either);
      const left = whyNotFollowed(changes, parameters);
      if (left !== null) {
        this.#note(left);
        statuses.tell();
        return left;
      }
      refining.cancel();
      return scheduler.schedule('ingestion', either, (turn) =>
        statuses.during('following', async () =>
          this.#note(await followMemory({ ...own, held, parameters, changes, turn })),
        ),
      );
    });
  }

  #note(result: FollowResult): FollowResult {
    const { repository } = this.#options.held;
    if (repository !== null) this.#followed.set(repository, result.followed);
    return result;
  }
}
