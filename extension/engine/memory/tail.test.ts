import { describe, expect, it } from 'vitest';
import type { NativeMemory } from '../native/contract.ts';
import { Tail } from './tail.ts';

/** A tail as the addon keeps it, and the tokens that it was made to compute. */
function nativeTail(capacity: number, stateBytes = 0) {
  const held: number[] = [];
  const computed: number[] = [];
  const memory = {
    report: () => ({ tails: [{ tokens: 0, capacity }], stateBytes }),
    extend: (tokens: Int32Array) => {
      if (held.length + tokens.length > capacity) return Promise.reject(new Error('tail-full'));
      held.push(...tokens);
      computed.push(...tokens);
      return Promise.resolve(null);
    },
    evictTail: ({ rows }: { rows: number }) => {
      held.length = rows;
      return Promise.resolve();
    },
    cut: (length: number) => {
      if (length > held.length) throw new Error('beyond the end');
      if (stateBytes > 0 && length > 0 && length < held.length) throw new Error('taken back');
      held.length = length;
    },
  } as unknown as NativeMemory;
  return { tail: new Tail(memory, 0), held, computed };
}

const cancellation = { cancel: () => undefined, cancelled: false };
const behind = { attendMemory: true, cancellation };
const alone = { attendMemory: false, cancellation };

describe('Tail', () => {
  it('computes only what differs from what it holds', async () => {
    const { tail, held, computed } = nativeTail(16);
    expect(await tail.hold(Int32Array.of(1, 2, 3, 4), behind)).toBe(0);
    expect(await tail.hold(Int32Array.of(1, 2, 9, 8, 7), behind)).toBe(2);
    expect(computed).toEqual([1, 2, 3, 4, 9, 8, 7]);
    expect(held).toEqual([1, 2, 9, 8, 7]);
  });

  it('goes on behind what was written', async () => {
    const { tail, computed } = nativeTail(16);
    await tail.hold(Int32Array.of(1, 2), behind);
    await tail.extend(Int32Array.of(5), { observe: false, ...behind });
    expect(await tail.hold(Int32Array.of(1, 2, 5, 6), behind)).toBe(3);
    expect(computed).toEqual([1, 2, 5, 6]);
  });

  it('computes the last token in any case, whose logits are wanted', async () => {
    const { tail, held } = nativeTail(16);
    await tail.hold(Int32Array.of(1, 2, 3), behind);
    expect(await tail.hold(Int32Array.of(1, 2, 3), behind)).toBe(2);
    expect(await tail.hold(Int32Array.of(1), behind)).toBe(0);
    expect(held).toEqual([1]);
  });

  it('begins anew where the memory is seen no longer, and after an eviction', async () => {
    const { tail, held } = nativeTail(16);
    await tail.hold(Int32Array.of(1, 2, 3), behind);
    expect(await tail.hold(Int32Array.of(1, 2, 3), alone)).toBe(0);
    await tail.evictTail({ first: 1, last: 1, rows: 2, cancellation });
    expect(tail.length).toBe(2);
    expect(await tail.hold(Int32Array.of(1, 2, 3, 4), alone)).toBe(0);
    expect(held).toEqual([1, 2, 3, 4]);
    expect(await tail.hold(Int32Array.of(1, 2, 3, 5), alone)).toBe(3);
  });

  it('holds the beginning that it held, where the rest does not fit', async () => {
    const { tail, held } = nativeTail(4);
    await tail.hold(Int32Array.of(1, 2, 3), behind);
    await expect(tail.hold(Int32Array.of(1, 2, 3, 4, 5), behind)).rejects.toThrow('tail-full');
    expect(tail.length).toBe(3);
    expect(await tail.hold(Int32Array.of(1, 2, 7), behind)).toBe(2);
    expect(held).toEqual([1, 2, 7]);
  });

  it('takes its last tokens back', async () => {
    const { tail, held, computed } = nativeTail(16);
    await tail.hold(Int32Array.of(1, 2, 3, 4), behind);
    await tail.shorten(2, cancellation);
    expect(held).toEqual([1, 2]);
    expect(computed).toEqual([1, 2, 3, 4]);
    expect(tail.length).toBe(2);
  });
});

describe('a tail of a model with recurrent layers', () => {
  it('goes on behind what it holds, and else begins anew', async () => {
    const { tail, held, computed } = nativeTail(16, 1024);
    await tail.hold(Int32Array.of(1, 2, 3), behind);
    expect(await tail.hold(Int32Array.of(1, 2, 3, 4), behind)).toBe(3);
    expect(await tail.hold(Int32Array.of(1, 2, 9, 8, 7), behind)).toBe(0);
    expect(await tail.hold(Int32Array.of(1, 2, 9, 8, 7), behind)).toBe(0);
    expect(computed).toEqual([1, 2, 3, 4, 1, 2, 9, 8, 7, 1, 2, 9, 8, 7]);
    expect(held).toEqual([1, 2, 9, 8, 7]);
  });

  it('computes what stays again where its last tokens are taken back', async () => {
    const { tail, held, computed } = nativeTail(16, 1024);
    await tail.hold(Int32Array.of(1, 2, 3, 4), behind);
    await tail.shorten(4, cancellation);
    expect(computed).toEqual([1, 2, 3, 4]);
    await tail.shorten(2, cancellation);
    expect(computed).toEqual([1, 2, 3, 4, 1, 2]);
    expect(held).toEqual([1, 2]);
    await tail.shorten(0, cancellation);
    expect(held).toEqual([]);
    expect(tail.length).toBe(0);
  });
});
