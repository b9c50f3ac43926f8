import type { GeneratedRepository } from './repository.ts';

/** Kinds of path that similar tools fail on, each made from a plain path's parts. */
const renamings: readonly ((folder: string, stem: string, extension: string) => string)[] = [
  (folder, stem, extension) => `${folder}/${stem}-policy${extension}`,
  (folder, stem, extension) => `${folder} files/${stem} copy${extension}`,
  (folder, stem, extension) => `${folder}/[${stem}]/page${extension}`,
  (folder, stem, extension) => `${folder}/(group)/${stem}${extension}`,
  (folder, stem, extension) => `${folder}/größe/${stem}_été${extension}`,
  (folder, stem, extension) => `${folder}/日本語/${stem}${extension}`,
  (folder, stem, extension) => `${folder}/a/b/c/d/e/f/g/h/i/j/k/${stem}${extension}`,
  (folder, stem, extension) => `${folder}/$lib/+${stem}.test${extension}`,
  (folder, stem, extension) => `${folder}/${stem}#1 & ${stem}'s${extension}`,
  (folder, stem, extension) => `.${folder}/@scope/${stem}${extension}`,
];

/** Every third source file gets Windows line ends. */
const carriageReturns = 3;

/**
 * Renames a repository's files with hyphens, spaces, brackets, symbols, other scripts and deep
 * folders, in turn, and uses CRLF in every third source file. Contents, lines and answers stay the
 * same, except for questions whose answer is a path.
 */
export function withHostileNames(repository: GeneratedRepository): GeneratedRepository {
  const renamed = new Map<string, string>();
  const files = new Map<string, string>();
  let index = 0;
  for (const [path, text] of repository.files) {
    const parts = /^(?<folder>[^/]+)\/(?<rest>.+\/)?(?<stem>[^/]+?)(?<extension>\.\w+)$/u.exec(
      path,
    );
    const renaming = renamings[index % renamings.length];
    if (parts?.groups === undefined || renaming === undefined) {
      files.set(path, text);
      continue;
    }
    const { folder = '', rest = '', stem = '', extension = '' } = parts.groups;
    const target = renaming(`${folder}/${rest}`.replace(/\/$/u, ''), stem, extension);
    renamed.set(path, target);
    files.set(target, index % carriageReturns === 0 ? text.replaceAll('\n', '\r\n') : text);
    index += 1;
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: repository.name,
    files: new Map(sorted),
    questions: repository.questions.map((question) => ({
      ...question,
      path: renamed.get(question.path) ?? question.path,
      answer: renamed.get(question.answer) ?? question.answer,
    })),
  };
}
