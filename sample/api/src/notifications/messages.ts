import { formatAddress } from '../domain/address.ts';
import type { Delivery } from '../domain/delivery.ts';
import { formatWindow } from '../domain/time-window.ts';

export type Occasion = 'booked' | 'on-the-way' | 'delivered';

export const SENDER_NAME = 'Rondo Couriers';
export const MAX_MESSAGE_LENGTH = 160;

export interface Message {
  readonly sender: string;
  readonly trackingCode: string;
  readonly text: string;
}

/** The text message that a customer gets; never longer than one SMS. */
export function messageFor(occasion: Occasion, delivery: Delivery): Message {
  const text = textFor(occasion, delivery);
  return {
    sender: SENDER_NAME,
    trackingCode: delivery.trackingCode,
    text: text.length <= MAX_MESSAGE_LENGTH ? text : `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…`,
  };
}

function textFor(occasion: Occasion, { trackingCode, dropoff, window }: Delivery): string {
  switch (occasion) {
    case 'booked':
      return `Your parcel ${trackingCode} is booked and arrives from ${formatWindow(window)}.`;
    case 'on-the-way':
      return `Your parcel ${trackingCode} is on its way to ${formatAddress(dropoff)}.`;
    case 'delivered':
      return `Your parcel ${trackingCode} has been delivered. Thank you!`;
  }
}
