/** What other extensions and agents in the editor are given: the tool, the server, diagnostics. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Editor } from './support/editor.ts';
import { sampleCopy } from './support/repository.ts';
import type { TemporaryRepository } from './support/repository.ts';
import { until } from './support/until.ts';

/** An extension of another maker: does one thing for each of its commands and writes down what came of it. */
const program = `
const vscode = require('vscode');
const fs = require('node:fs');
const path = require('node:path');
const call = async (input) => {
  const { content } = await vscode.lm.invokeTool('loci_memory', { input, toolInvocationToken: undefined });
  return content.map(({ value }) => value).join('');
};
const jobs = {
  tools: () => vscode.lm.tools.filter(({ name }) => name === 'loci_memory'),
  passages: () => call({ question: 'What is the value of MAX_RETRIES?' }),
  refused: () => call({ question: 'x'.repeat(5000) }).catch((error) => error.message),
  diagnostics: async () => {
    await vscode.commands.executeCommand('loci.copyDiagnostics');
    return vscode.env.clipboard.readText();
  },
};
exports.activate = () => {
  for (const [name, job] of Object.entries(jobs)) {
    vscode.commands.registerCommand('probe.' + name, async () => {
      const result = await Promise.resolve().then(job).catch((error) => 'failed: ' + error.message);
      fs.writeFileSync(path.join(process.env.HOME, name + '.json'), JSON.stringify(result));
    });
  }
};
`;
const names = ['tools', 'passages', 'refused', 'diagnostics'];
const manifest = {
  ...{ name: 'probe', publisher: 'test', version: '1.0.0', engines: { vscode: '^1.104.0' } },
  ...{ main: './main.js', activationEvents: ['onStartupFinished'] },
  contributes: {
    commands: names.map((name) => ({ command: `probe.${name}`, title: `Probe the ${name}` })),
  },
};

let repository: TemporaryRepository;
let probe: string;
let editor: Editor;
beforeAll(async () => {
  repository = await sampleCopy();
  probe = path.join(await mkdtemp(path.join(tmpdir(), 'loci-probe-')), 'probe');
  await mkdir(probe);
  await writeFile(path.join(probe, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(probe, 'main.js'), program);
  editor = await Editor.open({
    folder: repository.folder,
    otherExtensions: [probe],
    settings: { 'chat.disableAIFeatures': false },
    machineSettings: { 'loci.device': 'cpu' },
  });
  // Both extensions have begun by then.
  await editor.statusItem.waitFor();
  await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await editor.close();
  await repository.remove();
  await rm(path.dirname(probe), { recursive: true, force: true });
});

/** What a command of the other extension wrote down. */
async function probed(name: string): Promise<unknown> {
  await editor.runCommand(`Probe the ${name}`);
  return until(`what the other extension says of ${name}`, async () => {
    const text = await readFile(path.join(editor.home, `${name}.json`), 'utf8').catch(() => '');
    return text === '' ? null : (JSON.parse(text) as unknown);
  });
}

describe('another extension', () => {
  it('sees the tool, and is given passages by it', async () => {
    const [tool] = z.array(z.record(z.string(), z.unknown())).parse(await probed('tools'));
    expect(tool).toMatchObject({ inputSchema: { required: ['question'] } });
    const text = z.string().parse(await probed('passages'));
    expect(text).toContain('api/src/support/retry.ts:');
    expect(text).toMatch(/^> +\d+ {2}export const MAX_RETRIES = 5;$/mu);
    expect(await probed('refused')).toContain('takes a "question" of 1 to 4000 characters');
  });

  it('finds on the clipboard what Copy Diagnostics put there', async () => {
    const text = z.string().parse(await probed('diagnostics'));
    expect(text).toMatch(/^### Versions\n- Loci: \d+\.\d+\.\d+\n/u);
    expect(text).toContain('(bundled)');
    expect(text).toContain('- state: ready\n');
    expect(text).not.toContain(repository.folder);
    await editor.notification('Diagnostics are on the clipboard.').waitFor();
  });
});

it('offers the server of the Model Context Protocol', async () => {
  await editor.runCommand('MCP: List Servers');
  await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Loci' }).waitFor();
  await editor.screenshot('mcp-servers');
});
