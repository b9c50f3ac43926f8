import type { Service } from '../domain/delivery.ts';

export interface Tariff {
  readonly baseCents: number;
  readonly perKilometreCents: number;
}

export const TARIFFS: Readonly<Record<Service, Tariff>> = {
  express: { baseCents: 890, perKilometreCents: 140 },
  'same-day': { baseCents: 490, perKilometreCents: 85 },
  'next-day': { baseCents: 350, perKilometreCents: 60 },
};

/** Parcels up to this weight cost nothing extra. */
export const FREE_WEIGHT_KG = 5;
export const EXTRA_KG_CENTS = 45;
export const MINIMUM_PRICE_CENTS = 420;
export const VAT_PERCENT = 19;
export const CURRENCY = 'EUR';
export const LOYALTY_THRESHOLD = 50;
export const LOYALTY_DISCOUNT_PERCENT = 8;
