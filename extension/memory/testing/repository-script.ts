import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes one repository of a test; all paths are relative to its folder. */
export class RepositoryScript {
  readonly folder: string;
  readonly home: string;

  /** @param home where git finds the user's settings, and nobody else's */
  constructor(folder: string, home: string) {
    this.folder = folder;
    this.home = home;
    mkdirSync(folder, { recursive: true });
  }

  git(at: string, ...args: readonly string[]): string {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always'];
    return execFileSync('git', ['-C', join(this.folder, at), ...who, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(clean),
        HOME: this.home,
        XDG_CONFIG_HOME: `${this.home}/.config`,
      },
    });
  }

  write(path: string, text = `${path}\n`): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  append(path: string, text: string): void {
    appendFileSync(join(this.folder, path), text);
  }

  writeAll(...paths: readonly string[]): void {
    for (const path of paths) this.write(path);
  }

  init(at = '', ...options: readonly string[]): void {
    mkdirSync(join(this.folder, at), { recursive: true });
    this.git(at, 'init', '-q', '-b', 'main', ...options);
  }

  commit(at = '', ...add: readonly string[]): void {
    this.git(at, 'add', ...(add.length === 0 ? ['.'] : add));
    this.git(at, 'commit', '-qm', 'a');
  }
}
