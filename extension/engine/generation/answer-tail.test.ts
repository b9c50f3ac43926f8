import { describe, expect, it } from 'vitest';
import { AnswerTail, tailKeep } from './answer-tail.ts';
import { EngineError } from '../core/errors.ts';

const cancellation = { cancel: () => undefined, cancelled: false };

describe('tailKeep', () => {
  it('keeps the prompt and half of the room behind it, the newest tokens among it', () => {
    expect(tailKeep(100, 512)).toEqual({ first: 100, last: 32, rows: 306 });
    expect(tailKeep(480, 512)).toEqual({ first: 480, last: 8, rows: 496 });
  });

  it('always leaves what the addon accepts, and room', () => {
    for (let prompt = 0; prompt <= 64; prompt++) {
      const keep = tailKeep(prompt, 64);
      if (keep === null) {
        expect(prompt).toBeGreaterThan(62);
        continue;
      }
      expect(keep.first + keep.last).toBeLessThanOrEqual(keep.rows);
      expect(keep.last).toBeGreaterThan(0);
      expect(keep.rows).toBeLessThan(64);
    }
  });
});

describe('AnswerTail', () => {
  it('evicts only when it is full, and counts what went', async () => {
    const asked: unknown[] = [];
    const memory = {
      evictTail: (options: unknown) => {
        asked.push(options);
        return Promise.resolve();
      },
    };
    const tail = new AnswerTail(4, 12);
    for (let i = 0; i < 20; i++) {
      expect(await tail.makeRoom(memory, cancellation)).toBe(true);
      tail.tokens += 1;
      expect(tail.tokens).toBeLessThanOrEqual(12);
    }
    expect(asked).toHaveLength(3);
    expect(asked[0]).toEqual({ first: 4, last: 2, rows: 8, cancellation });
    expect(tail.evictedTokens).toBe(12);
  });

  it('is at its end where nothing can go, and passes on what fails', async () => {
    const failing = (code: 'model-unsupported' | 'out-of-memory'): Promise<boolean> => {
      const tail = new AnswerTail(4, 12);
      tail.tokens = 12;
      return tail.makeRoom(
        { evictTail: () => Promise.reject(new EngineError(code, 'No.')) },
        cancellation,
      );
    };
    expect(await failing('model-unsupported')).toBe(false);
    await expect(failing('out-of-memory')).rejects.toThrow('No.');
    const none = { evictTail: () => Promise.reject(new Error('not asked')) };
    expect(await new AnswerTail(12, 12).makeRoom(none, cancellation)).toBe(false);
  });
});
