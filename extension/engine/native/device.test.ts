import { describe, expect, it } from 'vitest';
import type { LibraryCandidate } from '../../models/libraries.ts';
import { cpuNotice, chooseDevice } from './device.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeDevice } from './contract.ts';
import type { Verdict } from './trial-process.ts';

const device = (kind: NativeDevice['kind']): NativeDevice => ({
  name: kind,
  description: kind,
  kind,
  freeBytes: 1,
  totalBytes: 1,
});

const candidates: LibraryCandidate[] = [
  { gpu: 'cuda', available: false, reason: 'It is not installed.' },
  { gpu: 'vulkan', available: true, directory: '/vulkan' },
  { gpu: 'cpu', available: true, directory: '/cpu' },
];

const answering = (verdict: Verdict<NativeDevice[]>) => (): Promise<Verdict<NativeDevice[]>> =>
  Promise.resolve(verdict);

describe('chooseDevice', () => {
  it('takes the first candidate that has a device, and remembers why not the others', async () => {
    const found = answering({ ok: true, value: [device('cpu'), device('integrated-gpu')] });
    expect(await chooseDevice(candidates, found)).toEqual({
      gpu: 'vulkan',
      directory: '/vulkan',
      rejected: ['CUDA is not available: It is not installed'],
    });
  });

  it('falls back to the CPU, which is never probed', async () => {
    const probed: string[] = [];
    const choice = await chooseDevice(candidates, (directory) => {
      probed.push(directory);
      return Promise.resolve({ ok: true, value: [device('cpu')] });
    });
    expect(choice.gpu).toBe('cpu');
    expect(choice.rejected.at(-1)).toBe('Vulkan found no device');
    expect(probed).toEqual(['/vulkan']);
  });

  it('says every reason where nothing is left', async () => {
    const crash = answering({ ok: false, reason: 'it crashed with SIGSEGV', detail: 'x' });
    const error: unknown = await chooseDevice(candidates.slice(0, 2), crash).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'device-not-found' });
    expect(String(error)).toMatch(/not installed.*crashed with SIGSEGV.*Choose another device/);
  });
});

it.each([
  [['CUDA found no device', 'Vulkan found no device'], 'No supported GPU was found.'],
  [
    ['CUDA cannot be loaded: no driver', 'Vulkan found no device'],
    'CUDA cannot be loaded: no driver.',
  ],
  [
    ['CUDA is not available: It is not installed', 'Vulkan found no device'],
    'No supported GPU was found.',
  ],
])('says why the CPU computes: %j', (rejected, sentence) => {
  expect(cpuNotice(rejected)).toBe(`Running on the CPU. ${sentence}`);
});
