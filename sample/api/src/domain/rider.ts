import { DEPOT } from './address.ts';
import type { Position } from './address.ts';

export type Vehicle = 'bike' | 'cargo-bike' | 'van';

export interface Rider {
  readonly id: string;
  readonly name: string;
  readonly vehicle: Vehicle;
  readonly onDuty: boolean;
  readonly position: Position;
}

/** What a vehicle may carry, in kilograms. */
export const PAYLOAD_KG: Readonly<Record<Vehicle, number>> = {
  bike: 18,
  'cargo-bike': 95,
  van: 640,
};

export const MAX_STOPS_PER_ROUND = 24;

/** Whether a rider can take one more parcel. */
export function canCarry(rider: Rider, loadKg: number, stops: number, weightKg: number): boolean {
  return (
    rider.onDuty && stops < MAX_STOPS_PER_ROUND && loadKg + weightKg <= PAYLOAD_KG[rider.vehicle]
  );
}

/** Who rides today. */
export function todaysRiders(): Rider[] {
  const atDepot = { position: DEPOT, onDuty: true } as const;
  return [
    { id: 'r1', name: 'Amara', vehicle: 'bike', ...atDepot },
    { id: 'r2', name: 'Jonas', vehicle: 'cargo-bike', ...atDepot },
    { id: 'r3', name: 'Mirela', vehicle: 'van', ...atDepot },
  ];
}
