/** What a package contains: exactly the files that are named here, and nothing of the machine. */

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageFolders } from '../../scripts/package/components.mjs';
import { planPackage } from '../../scripts/package/plan.mjs';
import type { PackagePlan } from '../../scripts/package/plan.mjs';
import { targetOf, targetOfBinary, thisTarget } from '../../scripts/package/targets.mjs';
import { root } from '../../scripts/support/paths.mjs';

const ours = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'THIRD-PARTY-LICENCES.txt',
  'build/native/loci.node',
  'dist/cli.mjs',
  'dist/engine.mjs',
  'dist/extension.cjs',
  'dist/webview/chat.js',
  'dist/webview/codicon.ttf',
  'dist/webview/map.js',
  'dist/webview/memory.js',
  'dist/webview/quality.js',
  'dist/webview/style.css',
  'docs/images/chat.png',
  'docs/images/choose-model.png',
  'docs/images/icon.png',
  'docs/images/map.png',
  'docs/images/passages.png',
  'docs/images/settings.png',
  'docs/privacy.md',
  'docs/walkthrough/complete.md',
  'docs/walkthrough/read.md',
  'extension/models/bundled/loci-tiny-f16.gguf',
  'package.json',
  'sbom.cdx.json',
  'webview/loci.svg',
];

/** The processors that llama.cpp's libraries for Linux on x64 know. */
const processors =
  'alderlake cannonlake cascadelake cooperlake haswell icelake ivybridge piledriver sandybridge sapphirerapids skylakex sse42 x64 zen4';

/** The libraries of a build for Linux on x64. */
function libraries(build: string, infix: string, ...others: string[]): string[] {
  return [
    'libggml-base.so',
    ...processors.split(' ').map((name) => `libggml-cpu-${name}.so`),
    ...others,
    `libggml${infix}.v0.5.0.so`,
    `libllama${infix}.v0.5.0.so`,
  ].map((name) => `libraries/${build}/${name}`);
}

let plan: PackagePlan;

beforeAll(async () => {
  plan = await planPackage(thisTarget);
}, 60_000);

/** The text of a planned file. */
async function textOf(path: string): Promise<string> {
  const file = plan.files.find((planned) => planned.path === path);
  if (file?.from !== undefined) return readFile(file.from, 'utf8');
  return Buffer.from(file?.contents ?? '').toString('utf8');
}

describe('a package', () => {
  it('has exactly these files besides the libraries', () => {
    const paths = plan.files.map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith('libraries/')).sort()).toEqual(ours);
  });

  it.runIf(thisTarget === 'linux-x64')('has exactly these libraries', () => {
    const paths = plan.files
      .map(({ path }) => path)
      .filter((path) => path.startsWith('libraries/'));
    expect(paths).toEqual(
      [
        ...libraries('linux-x64', ''),
        ...libraries('linux-x64-vulkan', '.vulkan', 'libggml-vulkan.so'),
      ].sort(),
    );
  });

  it('names no folder of this machine and no source map in what is compiled', async () => {
    const compiled = ours.filter((path) =>
      /^(?:dist|build)\/.*\.(?:[cm]?js|css|node)$/u.test(path),
    );
    expect(compiled.length).toBe(9);
    for (const path of compiled) {
      const text = await textOf(path);
      expect(text.length, path).toBeGreaterThan(10_000);
      expect(text.includes(root), path).toBe(false);
      expect(text.includes(`${homedir()}/`), path).toBe(false);
      expect(text.includes('sourceMappingURL='), path).toBe(false);
    }
  });

  it('has a manifest without the parts for building', async () => {
    const manifest = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(await textOf('package.json')));
    expect(manifest).toMatchObject({ name: 'loci', main: './dist/extension.cjs' });
    for (const part of ['scripts', 'dependencies', 'devDependencies', 'private']) {
      expect(manifest).not.toHaveProperty(part);
    }
  });
});

describe('the parts of others', () => {
  const bill = z.object({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.6'),
    components: z.array(z.object({ name: z.string(), purl: z.string() })),
    dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
  });

  it('are those that are bundled, and the native ones, each in both documents', async () => {
    const { components, dependencies } = bill.parse(JSON.parse(await textOf('sbom.cdx.json')));
    const names = components.map(({ name }) => name);
    const expected = ['zod', 'markdown-it', '@vscode/codicons', 'node-addon-api', 'llama.cpp'];
    expect(names).toEqual(expect.arrayContaining(expected));
    expect(names).not.toContain('vitest');
    const purls = components.map(({ purl }) => purl);
    expect(new Set(purls).size).toBe(purls.length);
    expect(dependencies[0]?.dependsOn).toEqual(purls);
    const text = await textOf('THIRD-PARTY-LICENCES.txt');
    for (const name of names) expect(text).toContain(`\n${name}`);
    expect(text).toContain('Copyright (c) 2023-2026 The ggml authors');
    expect(text).toContain('Copyright 2024 Mozilla Foundation');
    expect(text).not.toMatch(/^\/\//mu);
  });

  it('are found by their paths, nested and scoped ones too', () => {
    const files = ['a.ts', 'node_modules/x/y/z.js', 'node_modules/@s/t/node_modules/@u/v/w.js'];
    expect(packageFolders(files)).toEqual([
      'node_modules/@s/t/node_modules/@u/v',
      'node_modules/x',
    ]);
  });
});

describe('a target', () => {
  it('is refused where there is none, or its addon is not built', async () => {
    expect(() => targetOf('amiga-68k')).toThrow('There is no package for amiga-68k. Choose');
    const other = thisTarget === 'win32-arm64' ? 'win32-x64' : 'win32-arm64';
    await expect(planPackage(other)).rejects.toThrow(
      `The native addon for ${other} is not built: build/native-${other}/loci.node is missing.`,
    );
  });

  it("is told from an addon's first bytes", async () => {
    expect(targetOfBinary(await readFile(`${root}/build/native/loci.node`))).toBe(thisTarget);
    const arm = Buffer.alloc(64);
    arm.writeUInt32BE(0x7f454c46);
    arm.writeUInt16LE(0xb7, 18);
    expect(targetOfBinary(arm)).toBe('linux-arm64');
    const apple = Buffer.alloc(64);
    apple.writeUInt32LE(0xfeedfacf);
    apple.writeUInt32LE(0x0100000c, 4);
    expect(targetOfBinary(apple)).toBe('darwin-arm64');
    const windows = Buffer.alloc(128);
    windows.write('MZ');
    windows.writeUInt32LE(0x40, 0x3c);
    windows.write('PE\0\0', 0x40, 'latin1');
    windows.writeUInt16LE(0x8664, 0x44);
    expect(targetOfBinary(windows)).toBe('win32-x64');
    windows.writeUInt32LE(0xffffffff, 0x3c);
    expect(targetOfBinary(windows)).toBeUndefined();
    expect(targetOfBinary(Buffer.alloc(10))).toBeUndefined();
  });
});
