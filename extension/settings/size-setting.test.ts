import { expect, it } from 'vitest';
import { settings } from './registry.ts';
import { sizeBytes } from './setting.ts';

it.each([
  ['4GiB', 4 * 2 ** 30],
  [' 512 mib ', 512 * 2 ** 20],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['0MiB', 0],
])('reads %s', (text, bytes) => {
  expect(settings.keptMemoryLimit.check(text)).toEqual({ ok: true, value: text });
  expect(sizeBytes(text)).toBe(bytes);
});

it.each(['', '4', '4GB', '-1GiB', '10%', 4, null])('refuses %j', (raw) => {
  const checked = settings.keptMemoryLimit.check(raw);
  expect(checked).toMatchObject({ ok: false });
  expect(checked.ok ? '' : checked.message).toMatch(/Use a size such as 512MiB or 4GiB\.$/u);
});
