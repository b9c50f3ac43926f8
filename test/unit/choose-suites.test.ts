import { describe, expect, it } from 'vitest';
import { chooseSuites } from '../../scripts/test/choose.mjs';
import { suites } from '../../scripts/test/suites.mjs';

interface Run {
  readonly names: readonly string[];
  readonly full: boolean;
  readonly nativeChanged: boolean;
}

const everyDay: Run = { names: [], full: false, nativeChanged: false };

function chosen(run: Partial<Run>): string[] {
  return chooseSuites(suites, { ...everyDay, ...run }).map(({ name }) => name);
}

describe('which suites run', () => {
  it('leaves the slow native ones out while native code is as it was', () => {
    expect(chosen({})).toContain('native');
    expect(chosen({})).not.toContain('sanitized');
    expect(chosen({})).not.toContain('vulkan');
  });

  it('runs them where native code has changed', () => {
    const names = chosen({ nativeChanged: true });
    expect(names).toEqual(expect.arrayContaining(['sanitized', 'vulkan', 'tidy']));
    expect(names).not.toContain('vulkan-all');
  });

  it('runs everything in a full run, the tests on Vulkan once', () => {
    expect(chosen({ full: true })).toEqual(
      suites.map(({ name }) => name).filter((name) => name !== 'vulkan' && name !== 'families'),
    );
  });

  it('runs the families alone where they are named, and otherwise once, within integration', () => {
    expect(chosen({ names: ['families'] })).toEqual(['families']);
    expect(chosen({ nativeChanged: true })).not.toContain('families');
    expect(chosen({ full: true })).toContain('integration');
    expect(chosen({ names: ['families', 'integration'], full: true })).toEqual(['integration']);
  });

  it('runs those that are named, and no others', () => {
    expect(chosen({ names: ['tidy', 'unit'], nativeChanged: true, full: true })).toEqual([
      'unit',
      'tidy',
    ]);
  });
});
