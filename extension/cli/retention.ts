/** `loci retention`: shows which tokens are held, by file, line, layer and head. */

import type { FileShare } from '../protocol/file-share.ts';
import { retentionRequest } from '../protocol/requests/retention.ts';
import type { Retention } from '../protocol/requests/retention.ts';
import { fullCount, percent } from '../report/format.ts';
import { visibleName } from '../protocol/plain-text.ts';
import type { Command, CommandContext, ParsedArguments } from './command.ts';
import { withRepository } from './opened.ts';
import {
  flag,
  openOptions,
  openParameters,
  outputOptions,
  refineOptions,
  text,
} from './options.ts';

export const retentionCommand: Command = {
  name: 'retention',
  summary: 'Read a repository and show the tokens that are held, by file, line, layer and head.',
  usage: '--repo DIR [--file PATH] [options]',
  options: {
    ...openOptions,
    ...refineOptions,
    file: { type: 'string', value: 'PATH', help: 'Show only the lines of this file.' },
    ...outputOptions,
  },
  run,
};

export interface FileLines extends FileShare {
  /** The share held of each line, from line 1. */
  readonly lines: readonly number[];
}

async function run(parsed: ParsedArguments, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const opening = openParameters(parsed);
  const path = text(parsed, 'file');
  await withRepository(parsed, context, opening, async (client, opened) => {
    const json = flag(parsed, 'json');
    // One request for all lines, because each request visits every held token.
    const everyLine = json && path === undefined;
    const retention = await client.request(
      retentionRequest,
      { path: path ?? null, everyLine },
      signal,
    );
    if (json) {
      const { model, gpu, policy, budget, repository, memory } = opened;
      const files = fileLines(retention, path);
      terminal.json({
        model,
        gpu,
        policy,
        budget,
        repository,
        memory,
        heads: retention.heads,
        files,
      });
    } else {
      terminal.out(path === undefined ? fileTable(retention) : lineTable(retention));
    }
  });
}

/** Returns the files with their lines: all, or the one at a path. */
export function fileLines(retention: Retention, path: string | undefined): FileLines[] {
  const { files, lines, fileLines: all = [] } = retention;
  return path === undefined
    ? files.map((file, index) => ({ ...file, lines: all[index] ?? [] }))
    : files.filter((file) => file.path === path).map((file) => ({ ...file, lines }));
}

export function fileTable(retention: Retention): string {
  const files = retention.files.map(
    ({ path, tokens, kept }) =>
      `${percent(kept).padStart(7)} ${fullCount(tokens).padStart(9)}  ${visibleName(path)}`,
  );
  const layers = retention.heads.map(
    (heads, layer) =>
      `${String(layer).padStart(7)}  ${heads.map((held) => fullCount(held)).join('  ')}`,
  );
  return [
    '   held    tokens  file',
    ...files,
    '',
    '  layer  tokens held by each KV head',
    ...layers,
    '',
  ].join('\n');
}

function lineTable(retention: Retention): string {
  const rows = retention.lines.map(
    (kept, index) => `${String(index + 1).padStart(7)}  ${percent(kept).padStart(7)}`,
  );
  return ['   line     held', ...rows, ''].join('\n');
}
