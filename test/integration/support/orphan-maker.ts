/** Starts an engine, lets it write, tells its parent the engine's process id, and waits. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineClient } from '../../../extension/engine-client/client.ts';
import { openParametersSchema, openRequest } from '../../../extension/protocol/requests/open.ts';

const child = fork(
  fileURLToPath(new URL('../../../extension/engine/main.ts', import.meta.url)),
  [],
  {
    serialization: 'json',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  },
);
const client = new EngineClient(child);
await client.request(openRequest, openParametersSchema.parse(JSON.parse(process.argv[2] ?? '')));
await client.ask(
  {
    question: 'Describe it.',
    recall: 'off',
    maxTokens: 400,
    seed: 1,
    temperature: 3,
    mode: 'always',
  },
  () => process.send?.(child.pid),
);
