/** The settings in the form of `package.json` and the README. */

import type { Setting } from './setting.ts';

/** From its heading to the first line that is not a row. */
const table = /^\| Setting \| Default .*\n(?:\|.*(?:\n(?=\|)|$))+/mu;
const rereads = ' Changing this setting rereads the repository.';

/** Returns the text of `package.json` with a property for each of these settings, in order. */
export function withProperties(text: string, settings: readonly Setting<unknown>[]): string {
  const configuration = { title: 'Loci', properties: properties(settings) };
  const manifest: unknown = JSON.parse(text);
  const replace = (key: string, value: unknown): unknown =>
    key === 'configuration' ? configuration : value;
  return `${JSON.stringify(manifest, replace, 2)}\n`;
}

/**
 * Returns the README with the table of these settings, one row each.
 * @throws if the README has no such table
 */
export function withTable(readme: string, settings: readonly Setting<unknown>[]): string {
  if (!table.test(readme)) throw new Error('README.md has no table of settings.');
  return readme.replace(table, () => readmeTable(settings));
}

function properties(settings: readonly Setting<unknown>[]): Record<string, unknown> {
  return Object.fromEntries(
    settings.map(({ key, fallback, change, scope, text, schema }, index) => [
      `loci.${key}`,
      {
        order: index + 1,
        ...schema,
        default: fallback,
        scope,
        markdownDescription: text + (change === 'reread' ? rereads : ''),
      },
    ]),
  );
}

function readmeTable(settings: readonly Setting<unknown>[]): string {
  const rows = settings.map(
    (item) => `| \`loci.${item.key}\` | ${shownDefault(item.fallback)} | ${readmeText(item)} |`,
  );
  return ['| Setting | Default | What it does |', '|---|---|---|', ...rows].join('\n');
}

function shownDefault(value: unknown): string {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'empty';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return `\`${String(value)}\``;
}

/** Returns a setting's text without the settings page's links, and its permitted words. */
function readmeText({ text, schema }: Setting<unknown>): string {
  const plain = text.replaceAll(/\[(?<title>[^\]]+)\]\(command:[^)]+\)/gu, '**Loci: $<title>**');
  const words = schema['enum'];
  if (!Array.isArray(words)) return plain;
  const listed = words.map((word) => `\`${String(word)}\``);
  return `${plain} ${listed.slice(0, -1).join(', ')} or ${listed.at(-1) ?? ''}.`;
}
