import { describe, expect, it } from 'vitest';
import { resolveModelPath } from './model-path.ts';
import type { PathPlace } from './model-path.ts';

const linux: PathPlace = {
  home: '/home/ada',
  folder: '/work/shop',
  platform: 'linux',
  environment: { MODELS: '/srv/models' },
};
const windows: PathPlace = {
  home: String.raw`C:\Users\ada`,
  folder: String.raw`D:\shop`,
  platform: 'win32',
  environment: { USERPROFILE: String.raw`C:\Users\ada` },
};

describe('resolveModelPath', () => {
  it.each([
    ['', null],
    ['   ', null],
    ['/m/a.gguf', '/m/a.gguf'],
    ['  /m/a b.gguf\n', '/m/a b.gguf'],
    ['"/m/a b.gguf"', '/m/a b.gguf'],
    [`'/m/a.gguf'`, '/m/a.gguf'],
    ['/m/../n/a.gguf', '/n/a.gguf'],
    ['~/m/a.gguf', '/home/ada/m/a.gguf'],
    ['$HOME/a.gguf', '/home/ada/a.gguf'],
    ['${userHome}/a.gguf', '/home/ada/a.gguf'],
    ['${env:MODELS}/a.gguf', '/srv/models/a.gguf'],
    ['${workspaceFolder}/a.gguf', '/work/shop/a.gguf'],
    ['models/a.gguf', '/work/shop/models/a.gguf'],
    ['./a.gguf', '/work/shop/a.gguf'],
    ['file:///m/a%20b.gguf', '/m/a b.gguf'],
    ['/m/~a.gguf', '/m/~a.gguf'],
    ['/m/größe.gguf', '/m/größe.gguf'],
  ])('reads %j on Linux', (text, path) => {
    expect(resolveModelPath(text, linux)).toEqual({ ok: true, path });
  });

  it.each([
    [String.raw`C:\m\a.gguf`, String.raw`C:\m\a.gguf`],
    ['C:/m/a.gguf', String.raw`C:\m\a.gguf`],
    [String.raw`"C:\m n\a.gguf"`, String.raw`C:\m n\a.gguf`],
    [String.raw`\\server\share\a.gguf`, String.raw`\\server\share\a.gguf`],
    [String.raw`~\a.gguf`, String.raw`C:\Users\ada\a.gguf`],
    [String.raw`%USERPROFILE%\a.gguf`, String.raw`C:\Users\ada\a.gguf`],
    [String.raw`models\a.gguf`, String.raw`D:\shop\models\a.gguf`],
    ['file:///C:/m/a.gguf', String.raw`C:\m\a.gguf`],
  ])('reads %j on Windows', (text, path) => {
    expect(resolveModelPath(text, windows)).toEqual({ ok: true, path });
  });

  it.each([
    ['~/a.gguf', { home: '' }, /needs a home folder/u],
    ['$HOME/a.gguf', { home: '' }, /uses \$HOME, which is not set/u],
    ['${env:NOTHING}/a.gguf', {}, /uses \$\{env:NOTHING\}, which is not set/u],
    ['~bob/a.gguf', {}, /another user's home folder/u],
    ['a.gguf', { folder: null }, /relative path, but no folder is open/u],
    [String.raw`C:\m\a.gguf`, {}, /is a Windows path/u],
    [String.raw`\\server\share\a.gguf`, {}, /is a Windows path/u],
    ['file://other/m/a.gguf', {}, /not a file address on this machine/u],
    ['file:a.gguf', {}, /not a file address/u],
    ['https://example.org/a.gguf', {}, /not a file on this machine/u],
    ['vscode-remote://host/m/a.gguf', {}, /not a file on this machine/u],
  ])('refuses %j', (text, change, message) => {
    const resolved = resolveModelPath(text, { ...linux, ...change });
    expect(resolved.ok ? '' : resolved.message).toMatch(message);
  });

  it('refuses a drive without a folder', () => {
    const resolved = resolveModelPath('C:a.gguf', windows);
    expect(resolved.ok ? '' : resolved.message).toMatch(/no folder after its drive/u);
  });
});
