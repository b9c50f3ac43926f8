import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogMessage } from '../protocol/notifications/log.ts';
import { devicesRequest } from '../protocol/requests/devices.ts';
import { findModelsRequest } from '../protocol/requests/find-models.ts';
import { refineRequest } from '../protocol/requests/refine.ts';
import { retentionRequest } from '../protocol/requests/retention.ts';
import { EngineClient } from './client.ts';

const child = fork(
  fileURLToPath(new URL('../../test/fixtures/foreign-engine.ts', import.meta.url)),
  [],
  { execArgv: ['--import', 'tsx'], serialization: 'json' },
);
const log: LogMessage[] = [];
const client = new EngineClient(child, { onLog: (message) => log.push(message) });
afterAll(() => child.kill('SIGKILL'));

describe('a request that another version of the engine answers', () => {
  it('keeps a code that is known, and the sentence', async () => {
    await expect(client.request(retentionRequest, { path: null })).rejects.toMatchObject({
      code: 'not-open',
      message: 'Nothing has been read yet.',
    });
    expect(log).toEqual([]);
  });

  it('calls a code that is unknown internal, keeps the sentence, and logs the code', async () => {
    await expect(client.request(devicesRequest, {})).rejects.toMatchObject({
      code: 'internal',
      message: 'The moon is in the way.',
    });
    const text = 'The engine failed with the unknown code "of-tomorrow".';
    expect(log).toEqual([{ level: 'error', text }]);
  });

  it('refuses a result that is not as agreed', async () => {
    await expect(client.request(findModelsRequest, {})).rejects.toMatchObject({
      code: 'internal',
      message: 'The engine and this program are of different versions. Restart both.',
    });
  });

  it('is disconnected where the engine ends', async () => {
    await expect(client.request(refineRequest, { policy: 'default' })).rejects.toMatchObject({
      code: 'disconnected',
    });
    await expect(client.request(devicesRequest, {})).rejects.toMatchObject({
      code: 'disconnected',
    });
  });
});
