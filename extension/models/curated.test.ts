import { expect, it } from 'vitest';
import { usualHub } from '../protocol/model-hub.ts';
import { curatedAddress, curatedModels } from './curated.ts';

it('has models of one file each, smallest first, with licences that allow every use', () => {
  const names = curatedModels.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(curatedModels.map(({ file }) => file)).size).toBe(names.length);
  const sizes = curatedModels.map(({ bytes }) => bytes);
  expect(sizes).toEqual(sizes.toSorted((left, right) => left - right));
  for (const { name, licence, sha256, quantisation, file } of curatedModels) {
    expect(['Apache-2.0', 'MIT']).toContain(licence);
    expect(sha256 ?? '0'.repeat(64)).toMatch(/^[\da-f]{64}$/u);
    expect(file.toLowerCase()).toContain(name);
    expect(file.toLowerCase()).toContain(quantisation.toLowerCase());
  }
});

it('is on any hub at the same paths', () => {
  for (const model of curatedModels) {
    const { url, fileName, sha256 } = curatedAddress(model, usualHub);
    expect([fileName, sha256]).toEqual([model.file, model.sha256]);
    expect(url.href).toBe(`${usualHub}/${model.repository}/resolve/main/${model.file}`);
    const mirrored = curatedAddress(model, 'http://mirror.lan/hf').url.href;
    expect(mirrored).toBe(url.href.replace(usualHub, 'http://mirror.lan/hf'));
  }
});
