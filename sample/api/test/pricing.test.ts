import assert from 'node:assert/strict';
import test from 'node:test';
import type { Address } from '../src/domain/address.ts';
import { applyDiscount, quoteFor } from '../src/pricing/quote.ts';

const address: Address = {
  street: 'Mill Street 12',
  postcode: '28203',
  city: 'Bremen',
  position: null,
};

test('an address that is not known yet is charged as 6 km', () => {
  assert.deepEqual(quoteFor('same-day', address, address, 2), {
    netCents: 1000,
    vatCents: 190,
    grossCents: 1190,
  });
});

test('the discount begins with the fifty-first delivery', () => {
  assert.equal(applyDiscount(1000, 50), 1000);
  assert.equal(applyDiscount(1000, 51), 920);
});
