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

/** Matches the start of a comment line. */
const comment = String.raw`^[ \t]*(?:\/\/|\/\*|\*|#|--|;|%|<!--|"""|')[*!/# \t-]*`;

/**
 * Match comment lines that begin with a statement written by a tool: `@generated`, `Code generated
 * by X. DO NOT EDIT.`, `DO NOT EDIT`. A sentence that mentions one, or a person's note on a part of
 * the file, does not match.
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
/** The length of a marker line shown to the user. */
const shownCharacters = 80;

/** Whether a file name belongs to a file that a tool writes. */
export function isGeneratedFile(name: string): boolean {
  const lower = name.toLowerCase();
  return lockFiles.has(lower) || generatedNames.test(lower);
}

/** Finds the line near a text's top that says that a tool wrote it, without comment signs. */
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
