import type { Delivery, DeliveryStatus } from '../domain/delivery.ts';
import { withStatus } from '../domain/delivery.ts';
import { ApiError } from '../support/api-error.ts';
import type { Journal } from './journal.ts';

const DELIVERY_KIND = 'delivery';

/** All deliveries, in memory; each change goes to the journal first. */
export class DeliveryStore {
  readonly #journal: Journal;
  readonly #byId = new Map<string, Delivery>();

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  static async restore(journal: Journal): Promise<DeliveryStore> {
    const store = new DeliveryStore(journal);
    for (const { kind, value } of journal.entries) {
      if (kind !== DELIVERY_KIND) continue;
      const delivery = value as Delivery;
      store.#byId.set(delivery.id, delivery);
    }
    return store;
  }

  get(id: string): Delivery {
    const delivery = this.#byId.get(id);
    if (delivery === undefined) throw new ApiError('not-found', 404, `There is no delivery ${id}.`);
    return delivery;
  }

  withStatus(status: DeliveryStatus): Delivery[] {
    return [...this.#byId.values()].filter((delivery) => delivery.status === status);
  }

  async save(delivery: Delivery): Promise<void> {
    await this.#journal.append({ kind: DELIVERY_KIND, value: delivery });
    this.#byId.set(delivery.id, delivery);
  }

  async setStatus(id: string, status: DeliveryStatus): Promise<Delivery> {
    const changed = withStatus(this.get(id), status);
    await this.save(changed);
    return changed;
  }
}
