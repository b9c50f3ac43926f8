import type { Service } from './delivery.ts';

/** When a parcel may arrive, in minutes after midnight. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export const OPENING_MINUTE = 480;
export const CLOSING_MINUTE = 1170;
export const EXPRESS_MINUTES = 90;
/** Same-day deliveries that are booked later go out on the next day. */
export const SAME_DAY_CUTOFF = 840;

/** The window that a service promises for a booking at a minute of the day. */
export function windowFor(service: Service, bookedAt: number): TimeWindow {
  switch (service) {
    case 'express':
      return { from: bookedAt, to: Math.min(CLOSING_MINUTE, bookedAt + EXPRESS_MINUTES) };
    case 'same-day':
      return { from: Math.max(OPENING_MINUTE, bookedAt), to: CLOSING_MINUTE };
    case 'next-day':
      return { from: OPENING_MINUTE, to: CLOSING_MINUTE };
  }
}

export function isWithin({ from, to }: TimeWindow, minute: number): boolean {
  return minute >= from && minute <= to;
}

/** Such as 08:00 to 19:30. */
export function formatWindow({ from, to }: TimeWindow): string {
  return `${formatMinute(from)} to ${formatMinute(to)}`;
}

function formatMinute(minute: number): string {
  const hours = Math.floor(minute / 60);
  return `${String(hours).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
