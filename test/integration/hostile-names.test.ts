/** Paths of every kind, end to end: read, asked about, cited as they are. */
import { expect, it } from 'vitest';
import { generateRepository } from '../quality/generator/repository.ts';
import { withHostileNames } from '../quality/generator/hostile-names.ts';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const { session } = await startEngine();
const repository = withHostileNames(generateRepository({ seed: 31, tokens: 5000, questions: 30 }));

it('reads every file, and leads to the line of every name', async () => {
  const root = await folderOf(Object.fromEntries(repository.files));
  const opened = await session.open(opening(root), never);
  expect(opened.files.map(({ path }) => path).sort()).toEqual([...repository.files.keys()].sort());
  expect(opened.skipped).toEqual([]);
  for (const { key, path, line } of repository.questions) {
    const question = asking(`Where is ${key} defined?`, { mode: 'reliable' });
    const { passages } = await session.ask(question, () => undefined, never);
    const found = passages.some(
      (passage) => passage.path === path && passage.fromLine <= line && line <= passage.toLine,
    );
    expect(found, `${key} in ${path}:${String(line)}`).toBe(true);
    for (const passage of passages) expect(passage.text).not.toContain('\r');
  }
});
