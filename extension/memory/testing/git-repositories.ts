import { join } from 'node:path';
import type { RepositoryScript } from './repository-script.ts';

export interface RepositoryFixture {
  readonly name: string;
  /** The tops of the work trees whose files are to be read, as git lists them. */
  readonly tops: readonly string[];
  /** Files that no repository holds, and that are to be read. */
  readonly others?: readonly string[];
  readonly build: (script: RepositoryScript) => void;
}

function oneWithSource(script: RepositoryScript, at: string): void {
  script.init(at);
  script.write(`${at}/src/a.ts`);
  script.write(`${at}/.gitignore`, '*.log\n');
  script.commit(at);
  script.writeAll(`${at}/new.ts`, `${at}/x.log`);
}

export const repositoryFixtures: readonly RepositoryFixture[] = [
  {
    name: 'a submodule under a rule of its parent',
    tops: ['', 'lib'],
    build: (script: RepositoryScript): void => {
      oneWithSource(script, '../library');
      script.init();
      script.write('.gitignore', '*.ts\n');
      script.write('main.c');
      script.commit();
      script.git('', 'submodule', '--quiet', 'add', '../library', 'lib');
      script.writeAll('lib/more.ts', 'lib/y.log', 'top.ts');
    },
  },
  {
    name: 'a linked work tree inside the repository',
    tops: [''],
    build: (script: RepositoryScript): void => {
      oneWithSource(script, '.');
      script.git('', 'worktree', 'add', '-q', 'trees/feature');
      script.write('trees/feature/only-here.ts');
    },
  },
  {
    name: 'a bare repository, a .git file and work trees',
    tops: ['main'],
    others: ['.git-readme.txt'],
    build: (script: RepositoryScript): void => {
      oneWithSource(script, '../origin');
      script.git('', 'clone', '-q', '--bare', '../origin', '.bare');
      script.write('.git', 'gitdir: ./.bare\n');
      script.git('', 'worktree', 'add', '-q', 'feature', '-b', 'feature');
      script.git('', 'worktree', 'add', '-q', 'main', 'main');
      script.append('.bare/config', '[remote "origin"]\n\turl = https://token@example.com/a\n');
      script.writeAll('main/untracked.ts', 'main/z.log', '.git-readme.txt');
    },
  },
  {
    name: 'a git directory elsewhere in the work tree',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init('', '--separate-git-dir', join(script.folder, 'meta'));
      script.write('.gitignore', 'x/\n/meta/\n');
      script.writeAll('a.ts', 'x/b.ts');
      script.commit();
      script.write('.gitignore', 'x/\n');
      script.write('c.ts');
      // Git knows its own directory only by the name `.git`.
      script.append('meta/info/exclude', 'meta\n');
    },
  },
  {
    name: 'tracked files that rules ignore',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write('.gitignore', '*.gen.ts\nout/\nlocal/\n');
      script.writeAll('a.gen.ts', 'b.gen.ts', 'out/keep.ts', 'out/drop.ts', 'local/x/y/deep.ts');
      script.writeAll('local/other.ts', 'c.ts', 'été/b.gen.ts', 'a-long/shared/prefix.gen.ts');
      script.commit('', '-f', 'a.gen.ts', 'out/keep.ts', 'local/x/y/deep.ts', 'été/b.gen.ts');
    },
  },
  {
    name: 'names that fold',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.git('', 'config', 'core.ignoreCase', 'true');
      script.write('.gitignore', 'LOGS/\n*.TMP\n[A-C]x.ts\nÉ.ts\n');
      script.writeAll('logs/a.ts', 'Logs2/a.ts', 'a.tmp', 'b.Tmp', 'bX.ts', 'dX.ts', 'é.ts');
    },
  },
  {
    name: 'rules of the user, named by a setting',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write(`../home/included`, '[core]\n\texcludesFile = "~/my rules" ; mine\n');
      script.write('../home/.gitconfig', '# first\n[include]\n\tpath = included\n');
      script.write('../home/my rules', '*.mine\n*.back\n/only-top.ts\n');
      script.append('.git/info/exclude', '*.local\n!b.back\n');
      script.write('.gitignore', '!keep.mine\n');
      script.writeAll('a.mine', 'keep.mine', 'a.back', 'b.back', 'only-top.ts', 'x/only-top.ts');
      script.writeAll('c.local', 'd.ts');
    },
  },
  {
    name: 'settings that hold where the repository lies',
    tops: [''],
    build: (script: RepositoryScript): void => {
      const conditions = [
        ['gitdir:~/', 'home'],
        ['gitdir:root/', 'tail'],
        ['gitdir:nowhere/', 'nowhere'],
        ['gitdir:ROOT/', 'case'],
      ];
      script.init();
      script.write('../home/case', '[core]\n\texcludesFile = ~/c.rules\n');
      script.write('../home/home', '[core]\n\texcludesFile = ~/a.rules\n');
      script.write('../home/nowhere', '[core]\n\texcludesFile = ~/a.rules\n');
      script.write('../home/tail', '[core]\n\texcludesFile = ~/b.rules\n');
      script.write('../home/a.rules', '*.aa\n');
      script.write('../home/b.rules', '*.bb\n');
      script.write('../home/c.rules', '*.cc\n');
      script.write(
        '../home/.gitconfig',
        conditions
          .map(([when, file]) => `[includeIf "${when ?? ''}"]\npath = ${file ?? ''}\n`)
          .join(''),
      );
      script.writeAll('x.aa', 'x.bb', 'x.cc', 'x.ts');
    },
  },
  {
    name: 'rules of the user, where they are by default',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write('../home/.config/git/ignore', '*.mine\r\nscratch/\r\n');
      script.writeAll('a.mine', 'scratch/b.ts', 'x/scratch/c.ts', 'd.ts', 'e.ts');
    },
  },
  {
    name: 'a clone inside with exclusions of its own',
    tops: ['', 'clone'],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write('.gitignore', '*.log\n');
      script.append('.git/info/exclude', '*.outer\n');
      script.init('clone');
      script.append('clone/.git/info/exclude', '*.inner\n');
      script.writeAll('a.ts', 'a.log', 'a.outer', 'a.inner');
      script.writeAll('clone/b.ts', 'clone/b.log', 'clone/b.outer', 'clone/b.inner');
      script.commit('clone', 'b.ts');
    },
  },
  {
    name: 'everything ignored, and some of it tracked',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write('.gitignore', '*\n');
      script.writeAll('a.ts', 'src/b.ts', 'src/c.ts', 'dist/d.ts', 'node_modules/e.ts');
      script.commit('', '-f', 'a.ts', 'src/b.ts', 'dist/d.ts');
    },
  },
  {
    name: 'hashes of SHA-256',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init('', '--object-format=sha256');
      script.write('.gitignore', '*.gen\n');
      script.writeAll('a.gen', 'x/b.gen', 'x/c.gen', 'd.ts');
      script.commit('', '-f', 'a.gen', 'x/b.gen');
    },
  },
  {
    name: 'rules against the default list',
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.write('.gitignore', '!build/\n!/x/node_modules/\n');
      script.writeAll('build/a.ts', 'x/node_modules/b.ts', 'c.ts');
    },
  },
  {
    name: 'a mirror inside',
    tops: [''],
    build: (script: RepositoryScript): void => {
      oneWithSource(script, '../origin');
      script.init();
      script.write('a.ts');
      script.git('', 'clone', '-q', '--mirror', '../origin', 'mirrors/origin.git');
      script.append('.git/info/exclude', '/mirrors/origin.git\n');
      script.writeAll('mirrors/notes.ts', 'HEAD', 'objects/a.ts', 'x/HEAD', 'x/objects/b.ts');
    },
  },
  ...(['2', '3', '4'] as const).map((version): RepositoryFixture => ({
    name: `an index of version ${version}`,
    tops: [''],
    build: (script: RepositoryScript): void => {
      script.init();
      script.git('', 'config', 'index.version', version);
      script.write('.gitignore', '*.gen\n');
      for (let index = 0; index < 40; index++) {
        script.write(`${'folder/'.repeat(index % 4)}${'n'.repeat(1 + index)}.gen`);
      }
      script.write(`${'deep/'.repeat(60)}long.gen`);
      script.commit('', '-f', '.');
      script.write('later.ts');
      // A flag of version 3 and above, on an entry that stays.
      script.git('', 'add', '-N', 'later.ts');
      script.write('untracked.gen');
    },
  })),
];
