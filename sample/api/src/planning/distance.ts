import type { Position } from '../domain/address.ts';

const EARTH_RADIUS_KM = 6371;
/** Streets are longer than straight lines. */
export const DETOUR_FACTOR = 1.32;

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Kilometres of the great circle, by the haversine formula. */
export function greatCircleKm(a: Position, b: Position): number {
  const latitude = radians(b.latitude - a.latitude);
  const longitude = radians(b.longitude - a.longitude);
  const chord =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(longitude / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}

/** Kilometres that a rider has to go. */
export function streetKm(a: Position, b: Position): number {
  return DETOUR_FACTOR * greatCircleKm(a, b);
}
