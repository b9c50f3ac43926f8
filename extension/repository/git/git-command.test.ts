import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askGit } from './git-command.ts';
import { RepositoryScript } from '../../../test/fixtures/repository-script.ts';
import { walkRepository } from '../files/walk.ts';

const unixGit = (() => {
  try {
    execFileSync('git', ['--version']);
    return process.platform !== 'win32';
  } catch {
    return false;
  }
})();

let base: string;
let script: RepositoryScript;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'loci-git-')));
  mkdirSync(join(base, 'home'));
  mkdirSync(join(base, 'bin'));
  script = new RepositoryScript(join(base, 'root'), join(base, 'home'));
  vi.stubEnv('HOME', script.home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

/** Puts our own program first on the PATH, or makes it the only entry. */
function program(name: string, text: string, alone = false): string {
  const file = join(base, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  const path = process.env['PATH'] ?? '';
  vi.stubEnv('PATH', alone ? join(base, 'bin') : `${join(base, 'bin')}${delimiter}${path}`);
  return file;
}

async function filesOf(folder = script.folder): Promise<string[]> {
  return (await walkRepository([folder])).files.map(({ path }) => path).sort();
}

/** Runs git as a user would. Whether it then rejects the repository differs by version. */
function runPlainGit(...args: readonly string[]): void {
  try {
    script.git('', ...args);
  } catch {
    // Only what it started before failing matters.
  }
}

/** Writes ignored files beside others, to show whether the rules were obeyed. */
function writeSources(): void {
  script.init();
  script.write('.gitignore', '*.log\n');
  script.writeAll('a.ts', 'forced.log', 'b.log');
  script.commit('', '-f', 'a.ts', '.gitignore', 'forced.log');
}

const sources = ['.gitignore', 'a.ts', 'forced.log'];

describe.runIf(unixGit)('git is asked', () => {
  it('so that nothing that a repository names is started, and nothing is written', async () => {
    writeSources();
    const marker = join(base, 'started');
    const evil = join(base, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0" "$@" >> ${marker}\nexit 1\n`);
    chmodSync(evil, 0o755);
    script.write('.gitattributes', '* filter=evil diff=evil\n');
    script.git('', 'add', '.gitattributes');
    const inIncluded = `[core]\n\tfsmonitor = ${evil}\n\tsshCommand = ${evil}\n\tuntrackedCache = true\n`;
    script.write('.git/included', inIncluded);
    for (const [key, value] of [
      ['core.fsmonitor', evil],
      ['core.hooksPath', '.git/evil-hooks'],
      ['core.sshCommand', evil],
      ['core.gitProxy', evil],
      ['core.askPass', evil],
      ['core.pager', evil],
      ['core.editor', evil],
      ['core.alternateRefsCommand', evil],
      ['core.untrackedCache', 'true'],
      ['pager.ls-files', evil],
      ['alias.ls-files', `!${evil}`],
      ['alias.check-ignore', `!${evil}`],
      ['credential.helper', `!${evil}`],
      ['filter.evil.clean', evil],
      ['filter.evil.smudge', evil],
      ['filter.evil.process', evil],
      ['diff.evil.textconv', evil],
      ['gpg.program', evil],
      ['include.path', 'included'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.url', `ext::${evil}`],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.uploadpack', evil],
      ['remote.origin.vcs', 'evil'],
      ['protocol.ext.allow', 'always'],
      ['trace2.eventTarget', marker],
      ['submodule.recurse', 'true'],
    ] as const) {
      script.git('', 'config', '--add', key, value);
    }
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction']) {
      for (const folder of ['hooks', 'evil-hooks']) {
        script.write(`.git/${folder}/${hook}`, `#!/bin/sh\nexec ${evil} ${hook}\n`);
        chmodSync(join(script.folder, '.git', folder, hook), 0o755);
      }
    }
    program('git-remote-evil', `exec ${evil} remote`);
    // A submodule with equally hostile settings is queried too.
    script.init('inside');
    script.git('inside', 'config', 'core.fsmonitor', evil);
    script.write('inside/c.ts');
    runPlainGit('status', '--porcelain');
    expect(existsSync(marker), 'git as it is would have started it').toBe(true);
    rmSync(marker);

    script.write('inside/c.log');
    const before = statSync(join(script.folder, '.git/index')).mtimeMs;
    const names = readdirSync(join(script.folder, '.git')).sort();
    expect(await filesOf()).toEqual(
      [...sources, '.gitattributes', 'inside/c.log', 'inside/c.ts'].sort(),
    );
    expect(await filesOf(join(script.folder, 'inside'))).toEqual(['c.log', 'c.ts']);
    expect(existsSync(marker)).toBe(false);
    expect(statSync(join(script.folder, '.git/index')).mtimeMs).toBe(before);
    expect(readdirSync(join(script.folder, '.git')).sort()).toEqual(names);
  });

  it('so that nothing is fetched for an index that lacks a folder', async () => {
    const marker = join(base, 'started');
    const evil = join(base, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho x >> ${marker}\nexit 1\n`);
    chmodSync(evil, 0o755);
    script.init();
    script.writeAll('a.ts', 'kept/b.ts', 'away/c.ts');
    script.commit();
    const tree = script.git('', 'rev-parse', 'HEAD:away').trim();
    script.git('', 'sparse-checkout', 'init', '--cone', '--sparse-index');
    script.git('', 'sparse-checkout', 'set', 'kept');
    rmSync(join(script.folder, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    script.git('', 'config', 'core.repositoryFormatVersion', '1');
    script.git('', 'config', 'extensions.partialClone', 'origin');
    script.git('', 'config', 'remote.origin.url', join(base, 'root'));
    script.git('', 'config', 'remote.origin.promisor', 'true');
    script.git('', 'config', 'remote.origin.uploadpack', evil);
    runPlainGit('ls-files');
    expect(existsSync(marker), 'git as it is would have started it').toBe(true);
    rmSync(marker);
    expect(await filesOf()).toEqual(['a.ts', 'kept/b.ts']);
    expect(existsSync(marker)).toBe(false);
  });

  it('without the variables of our environment that speak of another repository', async () => {
    writeSources();
    script.init('../other');
    script.write('../other/elsewhere.ts');
    for (const [name, value] of Object.entries({
      GIT_DIR: join(base, 'other/.git'),
      GIT_WORK_TREE: join(base, 'other'),
      GIT_INDEX_FILE: join(base, 'other/.git/index'),
      GIT_CONFIG_PARAMETERS: "'core.excludesFile'='/dev/null'",
      GIT_TRACE: join(base, 'trace'),
    })) {
      vi.stubEnv(name, value);
    }
    expect(await filesOf()).toEqual(sources);
    expect(existsSync(join(base, 'trace'))).toBe(false);
  });

  it('from no folder of the repository, and from no relative entry of the PATH', async () => {
    const marker = join(base, 'started');
    writeSources();
    script.write('bin/git', `#!/bin/sh\necho x > ${marker}\n`);
    chmodSync(join(script.folder, 'bin/git'), 0o755);
    script.write('git', `#!/bin/sh\necho x > ${marker}\n`);
    chmodSync(join(script.folder, 'git'), 0o755);
    const path = ['', '.', 'bin', join(script.folder, 'bin')].join(delimiter);
    vi.stubEnv('PATH', `${path}${delimiter}${process.env['PATH'] ?? ''}`);
    const here = process.cwd();
    try {
      process.chdir(script.folder);
      expect(await filesOf()).toEqual([...sources, 'bin/git', 'git'].sort());
    } finally {
      process.chdir(here);
    }
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['fails', 'exit 3'],
    [
      'refuses, because the folder belongs to somebody else',
      'echo "fatal: detected" >&2; exit 128',
    ],
    ['ends by a signal', 'kill -9 $$'],
    ['is no program', 'exec /nonexistent/git'],
  ])('and our own rules hold where it %s', async (_, text) => {
    writeSources();
    program('git', text);
    expect(await filesOf()).toEqual(sources);
  });

  it.runIf(process.getuid?.() === 0)('and refuses a folder of somebody else', async () => {
    writeSources();
    execFileSync('chown', ['-R', '54321', script.folder]);
    expect(await askGit(script.folder, ['ls-files'], undefined)).toMatchObject({ exitCode: 128 });
    expect(await filesOf()).toEqual(sources);
  });

  it('and our own rules hold where a setting makes the repository unreadable for it', async () => {
    writeSources();
    script.git('', 'config', 'core.worktree', join(base, 'home'));
    expect(await filesOf()).toEqual(sources);
    script.write('.git/config', '[core\n\trepositoryformatversion = 99\n');
    expect(await filesOf()).toEqual(sources);
  });

  it('and ended when the signal aborts', async () => {
    writeSources();
    const pid = join(base, 'pid');
    program('git', `echo $$ > ${pid}; exec sleep 600`);
    const controller = new AbortController();
    const reason = new Error('stop');
    const asked = askGit(script.folder, ['ls-files'], controller.signal);
    while (!existsSync(pid)) await new Promise((done) => setTimeout(done, 10));
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await vi.waitFor(() => {
      expect(() =>
        execFileSync('sh', ['-c', `kill -0 $(cat ${pid})`], { stdio: 'ignore' }),
      ).toThrow();
    });
    await expect(walkRepository([script.folder], { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});
