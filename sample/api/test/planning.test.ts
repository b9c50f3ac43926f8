import assert from 'node:assert/strict';
import test from 'node:test';
import { DEPOT } from '../src/domain/address.ts';
import type { Position } from '../src/domain/address.ts';
import { greatCircleKm } from '../src/planning/distance.ts';
import { nearestNeighbour, tourKm, twoOpt } from '../src/planning/order-stops.ts';

const itself = (position: Position): Position => position;

test('the great circle from Bremen to Hamburg is 95 km', () => {
  const hamburg = { latitude: 53.5511, longitude: 9.9937 };
  assert.ok(Math.abs(greatCircleKm(DEPOT, hamburg) - 95) < 2);
});

test('2-opt never makes a round longer', () => {
  const stops = Array.from({ length: 9 }, (_, i) => ({
    latitude: DEPOT.latitude + 0.01 * ((i * 7) % 9),
    longitude: DEPOT.longitude + 0.01 * ((i * 4) % 9),
  }));
  const first = nearestNeighbour(DEPOT, stops, itself);
  const better = twoOpt(DEPOT, first, itself);
  assert.equal(better.length, stops.length);
  assert.ok(tourKm(DEPOT, better) <= tourKm(DEPOT, first));
});
