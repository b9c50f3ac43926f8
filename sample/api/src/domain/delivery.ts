import type { Address } from './address.ts';
import type { TimeWindow } from './time-window.ts';

export type Service = 'express' | 'same-day' | 'next-day';

export type DeliveryStatus = 'open' | 'planned' | 'picked-up' | 'delivered' | 'cancelled';

/** One parcel, from where it is fetched to where it goes. */
export interface Delivery {
  readonly id: string;
  readonly trackingCode: string;
  readonly pickup: Address;
  readonly dropoff: Address;
  readonly weightKg: number;
  readonly service: Service;
  readonly window: TimeWindow;
  readonly priceCents: number;
  readonly status: DeliveryStatus;
}

/** Which status may follow which. */
const transitions: Readonly<Record<DeliveryStatus, readonly DeliveryStatus[]>> = {
  open: ['planned', 'cancelled'],
  planned: ['open', 'picked-up', 'cancelled'],
  'picked-up': ['delivered'],
  delivered: [],
  cancelled: [],
};

export function mayBecome(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return transitions[from].includes(to);
}

/** A delivery with another status. @throws RangeError where the one cannot follow the other */
export function withStatus(delivery: Delivery, status: DeliveryStatus): Delivery {
  if (!mayBecome(delivery.status, status)) {
    throw new RangeError(`A delivery that is ${delivery.status} cannot become ${status}.`);
  }
  return { ...delivery, status };
}
