import { expect, it } from 'vitest';
import { pinnedRooms } from './pinned.ts';

const files = [
  { path: 'a', tokens: 50 },
  { path: 'b', tokens: 60 },
  { path: 'c', tokens: 10 },
];

it('gives every pinned file its room where there is enough', () => {
  const { rooms, left } = pinnedRooms(files, 120);
  expect([...rooms]).toEqual([
    ['a', 50],
    ['b', 60],
    ['c', 10],
  ]);
  expect(left).toBe(0);
});

it('gives the first theirs whole, one what is left, and the others none', () => {
  const { rooms, left } = pinnedRooms(files, 80);
  expect([...rooms.values()]).toEqual([50, 30, 0]);
  expect(left).toBe(40);
  expect(pinnedRooms(files, 0)).toEqual({
    rooms: new Map([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]),
    left: 120,
  });
});
