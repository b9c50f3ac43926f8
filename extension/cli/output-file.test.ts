import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommand } from './command.ts';
import { commands } from './commands.ts';
import { requireOutputFiles } from './output-file.ts';
import { UsageError } from './usage-error.ts';

/** All options that name a file to write. */
const outputs = commands.flatMap((command) =>
  Object.entries(command.options)
    .filter(([, { output }]) => output === true)
    .map(([option]) => ({ command, option })),
);

it('is one flag; each that says FILE is one, and no other', () => {
  expect(outputs.map(({ command, option }) => `${command.name} --${option}`)).toEqual([
    'quality --svg',
  ]);
  for (const command of commands) {
    for (const option of Object.values(command.options)) {
      expect(option.output === true).toBe(option.value === 'FILE');
    }
  }
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loci-files-'));
  await mkdir(join(folder, 'inner'));
  await writeFile(join(folder, 'there'), 'as it was');
  await mkdir(join(folder, 'closed'));
  await writeFile(join(folder, 'locked'), 'as it was');
  if (process.platform === 'win32') return;
  await symlink('no/such', join(folder, 'astray'));
  await symlink('to-be', join(folder, 'link'));
  await symlink('circle', join(folder, 'circle'));
  await chmod(join(folder, 'closed'), 0o500);
  await chmod(join(folder, 'locked'), 0o400);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const onWindows = process.platform === 'win32';
/** Permissions do not restrict root. */
const bound = !onWindows && process.getuid?.() !== 0;

describe.each(outputs)('$command.name --$option', ({ command, option }) => {
  const trying = (file: string): Promise<void> =>
    requireOutputFiles(command, parseCommand(command, ['--repo', '.', `--${option}=${file}`]));

  const refusals: readonly (readonly [string, string, boolean])[] = [
    ['no/such/a.svg', 'is not a writable folder', true],
    ['there/a.svg', 'is not a writable folder', true],
    ['inner', 'it is a folder', true],
    ['inner/', 'it is a folder', true],
    ['new/', 'it is a folder', true],
    [`${'n'.repeat(300)}.svg`, 'its name is too long', !onWindows],
    ['astray', 'no file can be created there', !onWindows],
    ['circle', 'its links form a loop', !onWindows],
    ['closed/a.svg', 'is not a writable folder', bound],
    ['locked', 'permission is denied', bound],
  ];
  it.each(refusals.filter(([, , applies]) => applies))('refuses %s: %s', async (file, reason) => {
    const before = await readdir(folder, { recursive: true });
    const error: unknown = await trying(join(folder, file) + (file.endsWith('/') ? '/' : '')).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(
      new RegExp(`--${option} cannot be written to .*${reason}\\.$`, 'u'),
    );
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it('refuses an empty name', async () => {
    await expect(trying('')).rejects.toThrow(`--${option} is empty. Name a file.`);
  });

  it.runIf(process.platform === 'linux')(
    'refuses a folder in which nothing can be made',
    async () => {
      await expect(trying('/proc/a.svg')).rejects.toBeInstanceOf(UsageError);
    },
  );

  it('takes a new file, one that is there and a link to one to be, and changes nothing', async () => {
    const before = await readdir(folder);
    for (const file of ['new.svg', 'there', ...(onWindows ? [] : ['link'])]) {
      await trying(join(folder, file));
    }
    expect(await readdir(folder)).toEqual(before);
    expect(await readFile(join(folder, 'there'), 'utf8')).toBe('as it was');
  });
});
