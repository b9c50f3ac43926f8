import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TextBatch } from './text-batch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('hands on what came in one interval as one text, in order', () => {
  const heard: string[] = [];
  const batch = new TextBatch((text) => heard.push(text), 30);
  batch.push('a');
  batch.push('b');
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(30);
  batch.push('c');
  vi.advanceTimersByTime(29);
  expect(heard).toEqual(['ab']);
  batch.flush();
  expect(heard).toEqual(['ab', 'c']);
  vi.advanceTimersByTime(100);
  expect(heard).toEqual(['ab', 'c']);
});
