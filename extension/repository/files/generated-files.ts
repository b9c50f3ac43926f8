const lockFiles = new Set([
  'package-lock.json',
  '.package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'cargo.lock',
  'poetry.lock',
  'pdm.lock',
  'uv.lock',
  'pipfile.lock',
  'composer.lock',
  'gemfile.lock',
  'podfile.lock',
  'pubspec.lock',
  'mix.lock',
  'flake.lock',
  'go.sum',
  'packages.lock.json',
  'gradle.lockfile',
  'package.resolved',
  'cartfile.resolved',
  'conan.lock',
  'pixi.lock',
  'go.work.sum',
  '.terraform.lock.hcl',
]);

const generatedNames =
  /\.min\.[a-z]+$|\.(?:[cm]?js|css|ts)\.map$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|\.designer\.cs$/;

/** What a line of a comment begins with. */
const comment = String.raw`^[ \t]*(?:\/\/|\/\*|\*|#|--|;|%|<!--|"""|')[*!/# \t-]*`;

/**
 * Lines of comments that begin by saying so, as tools write them: `@generated`, `Code generated
 * by X. DO NOT EDIT.`, `DO NOT EDIT`. A sentence that mentions it, or that a person wrote about a
 * part of the file, does not count.
 */
const markers: readonly RegExp[] = [
  new RegExp(
    String.raw`${comment}@generated(?:[ \t]+(?:SignedSource|by|from|with|using|via)\b.*|[ \t.]*(?:\*\/|-->)?[ \t]*)$`,
    'm',
  ),
  new RegExp(
    String.raw`${comment}<?(?:auto-?generated|(?:this (?:file|code) (?:is|was|has been) |code |file )?(?:auto(?:matically)?[- ]?)?generated)(?=[.,;:!>-]|[ \t]+(?:automatically|by|code|file|from|on|at|using|via|with)\b|[ \t]*$).*\bDO NOT (?:EDIT|MODIFY)\b(?! (?:them|these|those|the|any|below|above)\b).*$`,
    'im',
  ),
  new RegExp(
    String.raw`${comment}DO NOT (?:EDIT|MODIFY)(?: (?:THIS FILE|IT))?(?: (?:DIRECTLY|MANUALLY|BY HAND))?[ \t]*(?:[.!,;-].*|\*\/|-->)?$`,
    'm',
  ),
  new RegExp(String.raw`${comment}<auto-?generated\b.*$`, 'im'),
];
const markerCharacters = 1024;
/** Of a marker's line, for the user. */
const shownCharacters = 80;

/** Whether a file of this name is written by a tool. */
export function isGeneratedFile(name: string): boolean {
  const lower = name.toLowerCase();
  return lockFiles.has(lower) || generatedNames.test(lower);
}

/** The line near a text's top that says that a tool wrote it, without signs of comments. */
export function generatedMarker(text: string): string | null {
  const top = text.slice(0, markerCharacters);
  for (const marker of markers) {
    const line = marker.exec(top)?.[0];
    if (line !== undefined) {
      const words = line.replace(/^[^\w@<]+|[\s*/>-]+$/g, '').replace(/\p{Cc}+/gu, ' ');
      return words.length > shownCharacters ? `${words.slice(0, shownCharacters - 1)}…` : words;
    }
  }
  return null;
}
