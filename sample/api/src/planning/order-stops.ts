import type { Position } from '../domain/address.ts';
import { streetKm } from './distance.ts';

/** Improving a round ends after this many passes, so that planning takes bounded time. */
export const MAX_TWO_OPT_PASSES = 40;

/** Kilometres of a tour from the start through all stops and back. */
export function tourKm(start: Position, stops: readonly Position[]): number {
  let total = 0;
  let last = start;
  for (const stop of stops) {
    total += streetKm(last, stop);
    last = stop;
  }
  return total + streetKm(last, start);
}

/** The stops in the order in which each is the nearest to the one before. */
export function nearestNeighbour<T>(
  start: Position,
  stops: readonly T[],
  positionOf: (stop: T) => Position,
): T[] {
  const left = [...stops];
  const ordered: T[] = [];
  let last = start;
  while (left.length > 0) {
    let best = 0;
    for (let i = 1; i < left.length; i++) {
      if (distanceOf(left[i]) < distanceOf(left[best])) best = i;
    }
    const [next] = left.splice(best, 1);
    if (next === undefined) break;
    ordered.push(next);
    last = positionOf(next);
  }
  return ordered;

  function distanceOf(stop: T | undefined): number {
    return stop === undefined ? Infinity : streetKm(last, positionOf(stop));
  }
}

/** Turns parts of the tour around for as long as that makes it shorter. */
export function twoOpt<T>(
  start: Position,
  stops: readonly T[],
  positionOf: (stop: T) => Position,
): T[] {
  let tour = [...stops];
  let length = tourKm(start, tour.map(positionOf));
  for (let pass = 0; pass < MAX_TWO_OPT_PASSES; pass++) {
    let improved = false;
    for (let from = 0; from < tour.length - 1; from++) {
      for (let to = from + 1; to < tour.length; to++) {
        const turned = [
          ...tour.slice(0, from),
          ...tour.slice(from, to + 1).reverse(),
          ...tour.slice(to + 1),
        ];
        const turnedLength = tourKm(start, turned.map(positionOf));
        if (turnedLength < length - 1e-9) {
          tour = turned;
          length = turnedLength;
          improved = true;
        }
      }
    }
    if (!improved) break;
  }
  return tour;
}
