import { describe, expect, it } from 'vitest';
import { nextEditFamilies } from '../../models/next-edit-families.ts';
import { editedFile } from './edited-region.ts';
import { nextEditParts } from './next-edit-layouts.ts';

const orders = `import { b } from './b.ts';

export function total(orders: Order[]): number {
  let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}

export function first(orders: Order[]): Order {
  return orders[0];
}
`;

const typed =
  "@@ -1,5 +1,5 @@\n import { b } from './b.ts';\n \n-export function total(orders) {\n+export function total(orders: Order[]): number {\n   let sum = 0;\n   for (const order of orders) {\n";
const renamed =
  '@@ -3,6 +3,6 @@\n export interface Order {\n   id: string;\n-  cost: number;\n+  price: number;\n }\n';
const deleted =
  '@@ -5,3 +5,2 @@\n   for (const order of orders) {\n-    check(order);\n     sum += order.price;\n';

/** What `fetch_next_edits` of sweep-autocomplete 0.1.1 hands to its model, behind the file's text. */
describe("is Sweep's, as its own server writes it", () => {
  it.each([
    [
      'sum += ',
      [],
      `
<|file_sep|>original/src/orders.ts:3:11
  let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}

export function first(orders: Order[]): Order {
<|file_sep|>current/src/orders.ts:3:11
  let sum = 0;
  for (const order of orders) {
    <|cursor|>sum += order.price;
  }
  return sum;
}

export function first(orders: Order[]): Order {
<|file_sep|>updated/src/orders.ts:3:11
`,
    ],
    [
      '(orders: Order[]): Order',
      [
        { path: 'src/order.ts', diff: renamed },
        { path: 'src/orders.ts', diff: typed },
      ],
      `<|file_sep|>src/order.ts:3:5
original:
  id: string;
  cost: number;
}
updated:
  id: string;
  price: number;
}
<|file_sep|>src/orders.ts:1:4
original:
export function total(orders) {
  let sum = 0;
updated:
export function total(orders: Order[]): number {
  let sum = 0;
<|file_sep|>original/src/orders.ts:3:8
}

export function first(orders: Order[]): Order {
  return orders[0];
}
<|file_sep|>current/src/orders.ts:3:8
}

export function first<|cursor|>(orders: Order[]): Order {
  return orders[0];
}
<|file_sep|>updated/src/orders.ts:3:8
`,
    ],
    [
      'let sum',
      [
        { path: 'src/orders.ts', diff: typed },
        { path: 'src/order.ts', diff: renamed },
      ],
      `<|file_sep|>src/orders.ts:1:4
original:
export function total(orders) {
  let sum = 0;
updated:
export function total(orders: Order[]): number {
  let sum = 0;
<|file_sep|>src/order.ts:3:5
original:
  id: string;
  cost: number;
}
updated:
  id: string;
  price: number;
}
<|file_sep|>original/src/orders.ts:2:9
export function total(orders: Order[]): number {
  let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}
<|file_sep|>current/src/orders.ts:2:9
export function total(orders: Order[]): number {
  <|cursor|>let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}
<|file_sep|>updated/src/orders.ts:2:9
`,
    ],
    [
      'let sum',
      [
        { path: 'src/order.ts', diff: renamed },
        { path: 'src/orders.ts', diff: deleted },
      ],
      `<|file_sep|>src/order.ts:3:5
original:
  id: string;
  cost: number;
}
updated:
  id: string;
  price: number;
}
<|file_sep|>src/orders.ts:5:5
original:
  for (const order of orders) {
    check(order);
    sum += order.price;
updated:
  for (const order of orders) {
    sum += order.price;
<|file_sep|>original/src/orders.ts:2:9
export function total(orders: Order[]): number {
  let sum = 0;
  for (const order of orders) {
    check(order);
    sum += order.price;
  }
  return sum;
}
<|file_sep|>current/src/orders.ts:2:9
export function total(orders: Order[]): number {
  <|cursor|>let sum = 0;
  for (const order of orders) {
    sum += order.price;
  }
  return sum;
}
<|file_sep|>updated/src/orders.ts:2:9
`,
    ],
  ])('at %j', (place, edits, expected) => {
    const at = orders.indexOf(place);
    const [prefix, suffix] = [orders.slice(0, at), orders.slice(at)];
    const [family] = nextEditFamilies;
    if (family?.name !== 'Sweep') throw new Error('It is another row.');
    const file = editedFile(family, { path: 'src/orders.ts', line: 1, prefix, suffix });
    const parts = nextEditParts(family, file, edits);
    expect(parts.map((part) => (typeof part === 'string' ? part : part.mark)).join('')).toBe(
      `<|file_sep|>src/orders.ts\n${orders}\n${expected}`,
    );
  });
});
