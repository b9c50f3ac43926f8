import { describe, expect, it } from 'vitest';
import { questionKinds } from './facts.ts';
import { charactersPerToken, generateRepository } from './repository.ts';

const options = { seed: 7, tokens: 33_000, questions: 42 };

function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n');
}

describe('generateRepository', () => {
  const repository = generateRepository(options);

  it('is a function of its seed', () => {
    expect(generateRepository(options)).toEqual(repository);
    expect(generateRepository({ ...options, seed: 8 }).questions).not.toEqual(repository.questions);
  });

  it('has about as much text as asked for', () => {
    const characters = [...repository.files].reduce(
      (sum, [path, text]) => sum + path.length + text.length,
      0,
    );
    expect(characters / charactersPerToken / options.tokens).toBeGreaterThan(0.95);
    expect(characters / charactersPerToken / options.tokens).toBeLessThan(1.15);
  });

  it('asks every kind equally often', () => {
    expect(repository.questions).toHaveLength(options.questions);
    for (const kind of questionKinds) {
      expect(repository.questions.filter((question) => question.kind === kind)).toHaveLength(7);
    }
  });

  it.each(repository.questions)('states the answer to "$question" in one place', (question) => {
    const lines = linesOf(repository.files.get(question.path));
    expect(lines[question.line - 1]).toContain(question.key);
    expect(question.question).toContain(question.key);
    if (question.kind === 'file') expect(question.answer).toBe(question.path);
    else expect(lines[question.endLine - 1]).toContain(question.answer);

    const name = new RegExp(`(?<![\\w$])${question.key}(?![\\w$])`, 'i');
    const holders = [...repository.files].flatMap(([path, text]) =>
      linesOf(text).flatMap((line, index) =>
        name.test(line) ? [`${path}:${String(index + 1)}`] : [],
      ),
    );
    expect(holders).toEqual([`${question.path}:${String(question.line)}`]);
    expect([...repository.files.keys()].filter((path) => name.test(path))).toEqual([]);
  });

  it('has near misses: names that share all but a word with one that is asked about', () => {
    const text = [...repository.files.values()].join('\n');
    const words = (name: string): string[] => name.split(/_|(?=[A-Z])/);
    const names = [...new Set(text.match(/[A-Za-z_]\w+/g))].map(words);
    const missed = repository.questions.filter(({ key }) => {
      const own = words(key);
      if (own.length < 3) return false;
      return names.some(
        (other) =>
          other.length === own.length && own.filter((word, i) => word !== other[i]).length === 1,
      );
    });
    expect(missed.length).toBeGreaterThan(2);
  });

  it('draws other words for names that the model has not met', () => {
    const heldOut = generateRepository({ ...options, heldOutWords: true });
    expect(heldOut.questions.map(({ key }) => key)).not.toEqual(
      repository.questions.map(({ key }) => key),
    );
  });

  it('can be larger than fifty contexts of the bundled model', () => {
    const large = generateRepository({ seed: 1, tokens: 52 * 4096, questions: 6 });
    expect(large.files.size).toBeGreaterThan(500);
  });
});
