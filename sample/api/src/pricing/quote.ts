import type { Address } from '../domain/address.ts';
import type { Service } from '../domain/delivery.ts';
import { streetKm } from '../planning/distance.ts';
import {
  EXTRA_KG_CENTS,
  FREE_WEIGHT_KG,
  LOYALTY_DISCOUNT_PERCENT,
  LOYALTY_THRESHOLD,
  MINIMUM_PRICE_CENTS,
  TARIFFS,
  VAT_PERCENT,
} from './tariffs.ts';

/** Charged for the distance where an address has not been looked up yet. */
export const ASSUMED_KM = 6;

export interface Quote {
  readonly netCents: number;
  readonly vatCents: number;
  readonly grossCents: number;
}

/** What a delivery costs: base price, distance and weight, and VAT on top. */
export function quoteFor(
  service: Service,
  pickup: Address,
  dropoff: Address,
  weightKg: number,
): Quote {
  const { baseCents, perKilometreCents } = TARIFFS[service];
  const known = pickup.position !== null && dropoff.position !== null;
  const km = known ? streetKm(pickup.position, dropoff.position) : ASSUMED_KM;
  const extraKg = Math.max(0, Math.ceil(weightKg - FREE_WEIGHT_KG));
  const price = baseCents + km * perKilometreCents + extraKg * EXTRA_KG_CENTS;
  const netCents = Math.max(MINIMUM_PRICE_CENTS, Math.round(price));
  const vatCents = Math.round((netCents * VAT_PERCENT) / 100);
  return { netCents, vatCents, grossCents: netCents + vatCents };
}

/** Shops that book often pay less: the discount begins with the fifty-first delivery of a month. */
export function applyDiscount(cents: number, deliveriesThisMonth: number): number {
  if (deliveriesThisMonth <= LOYALTY_THRESHOLD) return cents;
  return Math.round((cents * (100 - LOYALTY_DISCOUNT_PERCENT)) / 100);
}
