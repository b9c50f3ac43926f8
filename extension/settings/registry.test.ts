import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settings } from './registry.ts';

describe.each(Object.values(settings))('the setting $key', ({ check, fallback, schema }) => {
  it('takes its own default, and whatever the settings page lists', () => {
    expect(check(fallback)).toEqual({ ok: true, value: fallback });
    for (const word of z.array(z.string()).catch([]).parse(schema['enum'])) {
      expect(check(word)).toEqual({ ok: true, value: word });
    }
  });

  it('refuses what an edited settings.json may hold, in one sentence', () => {
    const list = Array.isArray(fallback) ? [7] : [];
    for (const wrong of [null, list, {}, -1, 0.5, typeof fallback === 'string' ? 7 : 'best']) {
      const checked = check(wrong);
      const message = checked.ok ? 'taken' : checked.message;
      expect(message, JSON.stringify(wrong)).toMatch(
        /^(?:Invalid value .* for loci\.\S+\.(?: Use .*)?$|".*" is not )/u,
      );
    }
  });
});

describe('a choice', () => {
  it('says what is allowed', () => {
    expect(settings.device.check('best')).toEqual({
      ok: false,
      message: '"best" is not a device. Choose auto, cpu, cuda, vulkan or metal.',
    });
    expect(settings.recall.check('all')).toEqual({
      ok: false,
      message: '"all" is not a way of recall. Choose both, attention, identifiers or off.',
    });
  });
});

describe('a number', () => {
  it('is held to the limits that the settings page states', () => {
    for (const { check, schema } of [settings.threads, settings.workingTokens]) {
      const [least, most] = [Number(schema['minimum']), Number(schema['maximum'])];
      expect([least - 1, least, most, most + 1].map((value) => check(value).ok)).toEqual([
        false,
        true,
        true,
        false,
      ]);
    }
  });
});
