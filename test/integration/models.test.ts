/** Models looked at before they are used: through the engine, as Choose a Model does. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kvBytes } from '../../extension/models/estimate.ts';
import { alikeLayers } from '../../extension/models/layer-table.ts';
import { modelMetadata, modelTensors, writeGguf } from '../fixtures/gguf-writer.ts';
import { inspectModelRequest } from '../../extension/protocol/requests/inspect-model.ts';
import type { ModelInspection } from '../../extension/protocol/requests/inspect-model.ts';
import { findModelsRequest } from '../../extension/protocol/requests/find-models.ts';
import { retentionRequest } from '../../extension/protocol/requests/retention.ts';
import { failureOf } from './support/engine.ts';
import { temporaryFolder } from './support/folders.ts';
import { forkEngine } from './support/process.ts';

const { client } = forkEngine();
const folder = await temporaryFolder();

function inspect(path: string | null): Promise<ModelInspection> {
  return client.request(inspectModelRequest, { path, kvType: 'f16', gpu: 'cpu' });
}

describe('inspecting a model', () => {
  it('describes the bundled one, and loads nothing', async () => {
    const inspection = await inspect(null);
    expect(inspection).toMatchObject({
      ok: true,
      model: {
        architecture: 'llama',
        bundled: true,
        trainedContext: 4096,
        fits: 'cpu',
        largestBudgetTokens: 3584,
        bytesPerThousandTokens: kvBytes({ table: alikeLayers(6, 2, 64), kvType: 'f16' }, 1_000),
      },
    });
    const held = await failureOf(client.request(retentionRequest, { path: null }));
    expect(held.code).toBe('not-open');
  });

  it.each([
    ['a file that is not there', 'missing.gguf', null, /does not exist/u],
    ['a text', 'text.gguf', 'Not a model.', /is not a valid GGUF model/u],
    ['nothing', 'empty.gguf', '', /is empty/u],
  ])('refuses %s in one sentence', async (_, name, content, message) => {
    const path = join(folder, name);
    if (content !== null) await writeFile(path, content);
    const inspection = await inspect(path);
    expect(inspection.ok ? '' : inspection.message).toMatch(message);
  });

  it('refuses a folder, an architecture that it cannot run and a context that is too short', async () => {
    const refusal = async (path: string): Promise<string> => {
      const inspection = await inspect(path);
      return inspection.ok ? '' : inspection.message;
    };
    expect(await refusal(folder)).toMatch(/is a folder, not a model file/u);
    const mamba = join(folder, 'mamba.gguf');
    await writeFile(mamba, writeGguf({ metadata: modelMetadata('mamba'), tensors: modelTensors }));
    expect(await refusal(mamba)).toMatch(/cannot be used: its architecture, mamba/u);
    const short = join(folder, 'short.gguf');
    const metadata = modelMetadata('llama', {
      'llama.context_length': { type: 'uint32', value: 256 },
    });
    await writeFile(short, writeGguf({ metadata, tensors: modelTensors }));
    expect(await refusal(short)).toMatch(
      /^tiny was trained for 256 tokens of context\. Loci needs at least 320\.$/u,
    );
  });
});

it('finds models without failing on whatever is on this machine', async () => {
  for (const model of await client.request(findModelsRequest, {}))
    expect(model.bytes).toBeGreaterThan(0);
});
