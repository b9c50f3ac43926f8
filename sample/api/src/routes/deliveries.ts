import { randomUUID } from 'node:crypto';
import type { Address } from '../domain/address.ts';
import { HOME_CITY } from '../domain/address.ts';
import type { Delivery, Service } from '../domain/delivery.ts';
import { windowFor } from '../domain/time-window.ts';
import { messageFor } from '../notifications/messages.ts';
import { quoteFor } from '../pricing/quote.ts';
import type { Services } from '../server.ts';
import { ApiError } from '../support/api-error.ts';
import { newTrackingCode } from '../support/identifiers.ts';
import type { Route } from './route.ts';

export const HEAVIEST_PARCEL_KG = 60;

export function deliveryRoutes({ deliveries, jobs }: Services): Route[] {
  return [
    {
      method: 'POST',
      path: '/deliveries',
      handle: async ({ body }) => {
        const delivery = book(body, minuteOfDay(new Date()));
        await deliveries.save(delivery);
        await jobs.put('geocode', { id: delivery.id, address: delivery.dropoff });
        await jobs.put('notify', messageFor('booked', delivery));
        return delivery;
      },
    },
    {
      method: 'GET',
      path: '/deliveries/:id',
      handle: ({ parameters }) => deliveries.get(parameters['id'] ?? ''),
    },
    {
      method: 'POST',
      path: '/deliveries/:id/cancel',
      handle: async ({ parameters }) => {
        const delivery = deliveries.get(parameters['id'] ?? '');
        if (delivery.status === 'picked-up') {
          throw new ApiError('already-picked-up', 409, 'The parcel is on its way already.');
        }
        return deliveries.setStatus(delivery.id, 'cancelled');
      },
    },
  ];
}

/** A new delivery from the body of a request. @throws ApiError where something is missing */
export function book(body: unknown, bookedAt: number): Delivery {
  if (typeof body !== 'object' || body === null) throw invalid('a JSON object');
  const { pickup, dropoff, weightKg, service } = body as Record<string, unknown>;
  if (typeof weightKg !== 'number' || weightKg <= 0) throw invalid('weightKg');
  if (weightKg > HEAVIEST_PARCEL_KG) {
    throw new ApiError('too-heavy', 400, `Parcels weigh at most ${HEAVIEST_PARCEL_KG} kg.`);
  }
  const from = parseAddress(pickup, 'pickup');
  const to = parseAddress(dropoff, 'dropoff');
  const wanted = parseService(service);
  return {
    id: randomUUID(),
    trackingCode: newTrackingCode(),
    pickup: from,
    dropoff: to,
    weightKg,
    service: wanted,
    window: windowFor(wanted, bookedAt),
    priceCents: quoteFor(wanted, from, to, weightKg).grossCents,
    status: 'open',
  };
}

function parseAddress(value: unknown, name: string): Address {
  if (typeof value !== 'object' || value === null) throw invalid(name);
  const { street, postcode, city } = value as Record<string, unknown>;
  if (typeof street !== 'string' || typeof postcode !== 'string') throw invalid(name);
  return { street, postcode, city: typeof city === 'string' ? city : HOME_CITY, position: null };
}

function parseService(value: unknown): Service {
  if (value === 'express' || value === 'same-day' || value === 'next-day') return value;
  throw invalid('service');
}

function minuteOfDay(date: Date): number {
  return date.getHours() * 60 + date.getMinutes();
}

function invalid(what: string): ApiError {
  return new ApiError('invalid', 400, `The booking needs ${what}.`);
}
