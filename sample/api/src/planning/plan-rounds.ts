import { DEPOT } from '../domain/address.ts';
import type { Position } from '../domain/address.ts';
import type { Delivery } from '../domain/delivery.ts';
import { canCarry } from '../domain/rider.ts';
import type { Rider } from '../domain/rider.ts';
import { isWithin } from '../domain/time-window.ts';
import { streetKm } from './distance.ts';
import { nearestNeighbour, twoOpt } from './order-stops.ts';

/** How long handing over one parcel takes. */
export const HANDOVER_MINUTES = 4;
/** Used until the worker has measured travel times. */
export const CRUISING_SPEED_KMH = 17;

export interface Stop {
  readonly delivery: Delivery;
  readonly position: Position;
  /** In minutes after midnight. */
  readonly arrival: number;
}

export interface Round {
  readonly rider: Rider;
  readonly stops: readonly Stop[];
  readonly loadKg: number;
}

export interface Plan {
  readonly rounds: readonly Round[];
  /** What no rider can take today. */
  readonly left: readonly Delivery[];
}

interface Draft {
  readonly rider: Rider;
  readonly deliveries: Delivery[];
  loadKg: number;
}

/** Gives each delivery to the nearest rider who can take it, and orders each rider's stops. */
export function planRounds(
  deliveries: readonly Delivery[],
  riders: readonly Rider[],
  departure: number,
): Plan {
  const drafts: Draft[] = riders.map((rider) => ({ rider, deliveries: [], loadKg: 0 }));
  const left: Delivery[] = [];
  for (const delivery of byUrgency(deliveries)) {
    const draft = nearestDraft(drafts, delivery);
    if (draft === null) left.push(delivery);
    else {
      draft.deliveries.push(delivery);
      draft.loadKg += delivery.weightKg;
    }
  }
  const rounds: Round[] = [];
  for (const { rider, deliveries: taken } of drafts) {
    const { stops, missed } = schedule(taken, departure);
    left.push(...missed);
    if (stops.length === 0) continue;
    const loadKg = stops.reduce((sum, { delivery }) => sum + delivery.weightKg, 0);
    rounds.push({ rider, stops, loadKg });
  }
  return { rounds, left };
}

/** Express first, then by the end of the time window. */
function byUrgency(deliveries: readonly Delivery[]): Delivery[] {
  return [...deliveries].sort((a, b) => a.window.to - b.window.to);
}

function nearestDraft(drafts: readonly Draft[], delivery: Delivery): Draft | null {
  const { position } = delivery.dropoff;
  if (position === null) return null;
  let nearest: Draft | null = null;
  let nearestKm = Infinity;
  for (const draft of drafts) {
    if (!canCarry(draft.rider, draft.loadKg, draft.deliveries.length, delivery.weightKg)) continue;
    const km = streetKm(
      draft.deliveries.at(-1)?.dropoff.position ?? draft.rider.position,
      position,
    );
    if (km < nearestKm) {
      nearest = draft;
      nearestKm = km;
    }
  }
  return nearest;
}

/** Orders a rider's deliveries and takes out those that would come too late. */
function schedule(
  deliveries: readonly Delivery[],
  departure: number,
): { stops: Stop[]; missed: Delivery[] } {
  const positionOf = ({ dropoff }: Delivery): Position => dropoff.position ?? DEPOT;
  const ordered = twoOpt(DEPOT, nearestNeighbour(DEPOT, deliveries, positionOf), positionOf);
  const stops: Stop[] = [];
  const missed: Delivery[] = [];
  let last: Position = DEPOT;
  let minute = departure;
  for (const delivery of ordered) {
    const position = positionOf(delivery);
    const riding = (streetKm(last, position) / CRUISING_SPEED_KMH) * 60;
    const arrival = Math.max(delivery.window.from, Math.round(minute + riding));
    if (!isWithin(delivery.window, arrival)) {
      missed.push(delivery);
      continue;
    }
    stops.push({ delivery, position, arrival });
    minute = arrival + HANDOVER_MINUTES;
    last = position;
  }
  return { stops, missed };
}
