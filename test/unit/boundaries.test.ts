import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/support/paths.mjs';

/** The project's rules, except those that need the file to be part of a compilation. */
const lint = new ESLint({
  cwd: root,
  overrideConfig: tseslint.configs.disableTypeChecked,
});

/** Returns the rules that a snippet violates in a file of the given name. */
async function violations(filePath: string, code: string): Promise<string[]> {
  const results = await lint.lintText(code, { filePath });
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => ruleId ?? message),
  );
}

const boundary = 'boundaries/dependencies';
const importOf = (path: string) => `import * as other from '${path}';\nother;\n`;

describe('the architecture as lint rules', () => {
  it.each([
    ['extension/protocol/probe.ts', '../repository/files/walk.ts'],
    ['extension/repository/stream/probe.ts', '../../engine/core/scheduler.ts'],
    ['extension/models/probe.ts', '../repository/files/walk.ts'],
    ['extension/quality/probe.ts', '../repository/files/walk.ts'],
    ['extension/engine/probe.ts', '../cli/main.ts'],
    ['extension/probe.ts', './engine/core/scheduler.ts'],
    ['extension/features/chat/probe.ts', '../../repository/files/walk.ts'],
    ['extension/features/chat/probe.ts', '../completion/provider.ts'],
    ['extension/repository/files/probe.ts', '../recall/recall.ts'],
    ['extension/engine/native/probe.ts', '../reading/opening.ts'],
    ['extension/engine-client/probe.ts', '../engine/server.ts'],
    ['extension/features/chat/probe.ts', '../../../scripts/setup.mjs'],
    ['extension/features/chat/probe.ts', '../../../test/tools/write-repository.ts'],
    ['extension/features/chat/probe.ts', '../registry.ts'],
    ['extension/features/host/probe.ts', '../chat/feature.ts'],
    ['webview/chat/probe.ts', '../../extension/models/estimate.ts'],
    ['webview/common/probe.ts', '../../extension/quality/extract.ts'],
    ['webview/chat/probe.ts', '../quality/quality.ts'],
  ])('%s must not import %s', async (file, path) => {
    expect(await violations(file, importOf(path))).toContain(boundary);
  });

  it('holds for type imports, dynamic imports and re-exports too', async () => {
    const path = '../../engine/core/scheduler.ts';
    for (const code of [
      `import type { Scheduler } from '${path}';\nexport type Other = Scheduler;\n`,
      `export const other = import('${path}');\n`,
      `export * from '${path}';\n`,
    ]) {
      expect(await violations('extension/repository/stream/probe.ts', code)).toContain(boundary);
    }
  });

  it.each([
    ['extension/repository/stream/probe.ts', '../../protocol/answer.ts'],
    ['extension/engine/reading/probe.ts', '../../repository/files/walk.ts'],
    ['extension/cli/probe.ts', '../engine/memory/budget.ts'],
    ['extension/features/quality/probe.ts', '../../quality/measure.ts'],
    ['extension/features/chat/probe.ts', '../../protocol/answer.ts'],
    ['extension/repository/stream/probe.test.ts', '../../../test/tools/write-repository.ts'],
    ['extension/features/registry.ts', './chat/feature.ts'],
    ['extension/features/chat/probe.ts', '../host/feature.ts'],
    ['webview/chat/probe.ts', '../../extension/protocol/answer.ts'],
    ['test/unit/probe.ts', '../../extension/repository/files/walk.ts'],
  ])('%s may import %s', async (file, path) => {
    expect(await violations(file, importOf(path))).not.toContain(boundary);
  });

  it.each(['protocol', 'quality', 'repository/files', 'models', 'engine', 'engine-client', 'cli'])(
    'extension/%s must not import vscode',
    async (part) => {
      const rules = await violations(`extension/${part}/probe.ts`, importOf('vscode'));
      expect(rules).toContain('no-restricted-imports');
    },
  );

  it('lets only engine/native/addon.ts load a native addon', async () => {
    for (const code of [
      `export const load = (): unknown => require('../build/native/loci.node');\n`,
      `export const load = (file: string): void => { process.dlopen({ exports: {} }, file); };\n`,
    ]) {
      expect(await violations('extension/engine/probe.ts', code)).toContain('no-restricted-syntax');
      const allowed = await violations('extension/engine/native/addon.ts', code);
      expect(allowed).not.toContain('no-restricted-syntax');
    }
  });

  it('allows no default export', async () => {
    for (const code of ['export default 1;\n', 'const x = 1;\nexport { x as default };\n']) {
      expect(await violations('extension/features/chat/probe.ts', code)).toContain(
        'no-restricted-syntax',
      );
    }
  });
});
