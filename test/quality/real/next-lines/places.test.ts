import { describe, expect, it } from 'vitest';
import { fromRoot } from '../../../../scripts/support/paths.mjs';
import { readFolder } from '../repositories/fetch.ts';
import { prepareFiles } from '../repositories/prepared.ts';
import { placesIn } from './places.ts';

const code = await readFolder(fromRoot('extension', 'repository'));
const files = new Map([...code].filter(([file]) => !file.endsWith('.test.ts')));
const origins = ['held-out', 'read'] as const;
const prepared = prepareFiles(files, { seed: 2, name: 'loci' });
const places = placesIn(prepared, { seed: 2, count: 12, prefix: 200, origins });

describe('placesIn', () => {
  it('finds as many of each origin as are asked for, the same by seed', () => {
    expect(places.map(({ origin }) => origin)).toEqual([
      ...Array<string>(12).fill('held-out'),
      ...Array<string>(12).fill('read'),
    ]);
    expect(placesIn(prepared, { seed: 2, count: 12, prefix: 200, origins })).toEqual(places);
    expect(placesIn(prepared, { seed: 3, count: 12, prefix: 200, origins })).not.toEqual(places);
  });

  it('takes each from a file of its origin, where prefix and rest stand after one another', () => {
    const { read, entries, heldOut } = prepared.division;
    for (const { origin, heldOutPath, prefix, expected } of places) {
      expect(origin === 'held-out' ? heldOut : [...read, ...entries]).toContain(heldOutPath);
      expect(`${prepared.files.get(heldOutPath) ?? ''}\n`).toContain(prefix + expected);
      expect(prefix.length).toBeLessThanOrEqual(200);
      expect(prefix.trim()).not.toBe('');
      expect(expected.trim()).not.toBe('');
    }
  });

  it('goes on in held-out files with a name that a read file defines', () => {
    const read = [...prepared.division.read, ...prepared.division.entries];
    const text = read.map((file) => prepared.files.get(file) ?? '').join('\n');
    for (const { origin, expected } of places) {
      if (origin !== 'held-out') continue;
      const [name = ''] = /[A-Za-z_]\w*/u.exec(expected) ?? [];
      expect(text).toMatch(
        new RegExp(`(?:function\\*?|class|interface|type|const|let) ${name}\\b`, 'u'),
      );
    }
  });

  it('goes on in read files with a whole line', () => {
    for (const { origin, kind, prefix, expected } of places) {
      if (origin !== 'read') continue;
      expect(kind).toBe('line');
      expect(prefix.endsWith('\n')).toBe(true);
      expect(expected.indexOf('\n')).toBe(expected.length - 1);
    }
  });

  it('says that held-out files use nothing of the others', () => {
    const none = { ...prepared, division: { ...prepared.division, read: [], entries: [] } };
    expect(() => placesIn(none, { seed: 1, count: 5, prefix: 200, origins })).toThrow(
      'No held-out file uses',
    );
  });
});
