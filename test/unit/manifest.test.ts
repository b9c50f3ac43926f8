/** The extension's page and walkthrough are complete, and the manifest matches the code. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { features } from '../../extension/features/registry.ts';
import { withProperties, withTable } from '../../extension/settings/manifest.ts';
import { settings } from '../../extension/settings/registry.ts';
import { fromRoot } from '../../scripts/support/paths.mjs';

const text = await readFile(fromRoot('package.json'), 'utf8');
const menuItemSchema = z.union([
  z.object({ command: z.string() }),
  z.object({ submenu: z.string() }),
]);
const manifest = z
  .object({
    name: z.string(),
    publisher: z.string(),
    icon: z.string(),
    contributes: z.object({
      commands: z.array(z.object({ command: z.string(), title: z.string() })),
      submenus: z.array(z.object({ id: z.string() })),
      menus: z.record(z.string(), z.array(menuItemSchema)),
      configuration: z.object({
        properties: z.record(z.string(), z.object({ markdownDescription: z.string() })),
      }),
      walkthroughs: z.array(
        z.object({
          id: z.string(),
          steps: z.array(
            z.object({
              description: z.string(),
              media: z.union([
                z.object({ image: z.string(), altText: z.string().min(10) }),
                z.object({ markdown: z.string() }),
              ]),
              completionEvents: z.array(z.string()).min(1),
            }),
          ),
        }),
      ),
    }),
  })
  .parse(JSON.parse(text));
const { commands, menus, submenus, configuration, walkthroughs } = manifest.contributes;
const readme = await readFile(fromRoot('README.md'), 'utf8');
const known = new Set(commands.map(({ command }) => command));
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

/** Returns the width, height and bytes of a PNG file. @throws if it is not one */
async function pngSize(path: string): Promise<{ width: number; height: number; bytes: number }> {
  const data = await readFile(fromRoot(path));
  expect(data.subarray(1, 4).toString('latin1')).toBe('PNG');
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20), bytes: data.length };
}

describe('pictures', () => {
  it('has an icon of 128 pixels', async () => {
    expect(await pngSize(manifest.icon)).toMatchObject({ width: 128, height: 128 });
  });

  it('has every picture that the README and the walkthrough show, small, and no other', async () => {
    const shown = [...readme.matchAll(/!\[[^\]]{10,}\]\((?<path>[^)]+)\)/gu)].map(
      ({ groups }) => groups?.['path'] ?? '',
    );
    expect(shown.length).toBeGreaterThanOrEqual(1);
    const inSteps = steps.flatMap(({ media }) => ('image' in media ? [media.image] : []));
    const wanted = new Set([manifest.icon, ...shown, ...inSteps]);
    for (const path of wanted) expect((await pngSize(path)).bytes).toBeLessThan(250_000);
    const there = (await readdir(fromRoot('docs', 'images'))).map((name) => `docs/images/${name}`);
    expect(new Set(there)).toEqual(wanted);
  });
});

describe('the walkthrough', () => {
  it('has every text of its steps, and no other', async () => {
    const wanted = steps.flatMap(({ media }) => ('markdown' in media ? [media.markdown] : []));
    const there = await readdir(fromRoot('docs', 'walkthrough'));
    expect(there.map((name) => `docs/walkthrough/${name}`)).toEqual(wanted.toSorted());
    for (const path of wanted) expect(await readFile(fromRoot(path), 'utf8')).toMatch(/^## /u);
  });

  it('is the one that the first start opens, by its full name', async () => {
    const { publisher, name } = manifest;
    const code = await readFile(fromRoot('extension/features/welcome/feature.ts'), 'utf8');
    for (const { id } of walkthroughs) expect(code).toContain(`'${publisher}.${name}#${id}'`);
  });

  it('watches context keys that the code sets', async () => {
    const events = steps.flatMap(({ completionEvents }) => completionEvents);
    const keys = events.flatMap((event) => /^onContext:loci\.(\w+)/u.exec(event)?.[1] ?? []);
    expect(keys).toEqual(['state', 'answering', 'completionAccepted']);
    const folders = ['status/feature.ts', 'chat/feature.ts', 'completion/provider.ts'];
    const read = (file: string): Promise<string> =>
      readFile(fromRoot('extension', 'features', file), 'utf8');
    const code = (await Promise.all(folders.map(read))).join('\n');
    for (const key of keys) {
      expect(code).toMatch(new RegExp(`setContextKey\\('${key}'|'loci\\.${key}', true`, 'u'));
    }
  });
});

describe('the manifest', () => {
  it('names commands that exist, in menus, walkthrough and settings', () => {
    const named = [
      ...Object.values(menus).flatMap((items) =>
        items.flatMap((item) => ('command' in item ? [item.command] : [])),
      ),
      ...[
        ...steps.map(({ description }) => description),
        ...steps.flatMap(({ completionEvents }) => completionEvents.map((event) => `(${event})`)),
        ...Object.values(configuration.properties).map((property) => property.markdownDescription),
      ].flatMap((text) =>
        [...text.matchAll(/\((?:command|onCommand):(?<id>[\w.]+)\)/gu)].map(
          ({ groups }) => groups?.['id'] ?? '',
        ),
      ),
    ].filter((id) => id !== 'loci.chat.focus');
    expect(named).toContain('loci.chooseModel');
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it('shows each of its submenus, with something in it', () => {
    const shown = Object.values(menus).flatMap((items) =>
      items.flatMap((item) => ('submenu' in item ? [item.submenu] : [])),
    );
    expect(shown).toEqual(submenus.map(({ id }) => id));
    for (const id of shown) expect(menus[id]?.length).toBeGreaterThan(1);
  });

  it('has every command of the features, and the other way round, once', () => {
    const declared = features.flatMap((feature) => feature.commands);
    expect(declared.toSorted()).toEqual([...known].sort());
    expect(known.size).toBe(commands.length);
  });

  it('states the settings as the code does, and so does the README', () => {
    const all = Object.values(settings);
    expect(withProperties(text, all)).toBe(text);
    expect(withTable(readme, all)).toBe(readme);
    const other = { ...settings.budget, key: 'other', text: 'Another setting.' };
    expect(withProperties(text, [...all, other])).toContain('"loci.other"');
    expect(withTable(readme, [...all, other])).toContain('| `loci.other` | `10%` | Another');
  });
});
