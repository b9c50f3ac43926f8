/** The user's patterns, with one for a file or folder added or taken away. */

/** What matches exactly this file or folder. @param inside its path in its folder of the workspace */
export function patternOf(inside: string, isFolder: boolean): string {
  const escaped = inside
    .replaceAll(/[\\*?[\]]/gu, '\\$&')
    .replace(/ +$/u, (spaces) => spaces.replaceAll(' ', '\\ '));
  return `/${escaped}${isFolder ? '/' : ''}`;
}

/** The folder that {@link patternOf} made a pattern of; null: it is of no folder, or of several. */
export function folderOf(pattern: string): string | null {
  const [, escaped] = /^\/((?:\\.|[^\\*?[\]])+)\/$/u.exec(pattern) ?? [];
  return escaped?.replaceAll(/\\(.)/gu, '$1') ?? null;
}

/** With a pattern as the last, so that it decides; what took it back goes. */
export function withPattern(patterns: readonly string[], pattern: string): string[] {
  return [...patterns.filter((line) => line !== pattern && line !== `!${pattern}`), pattern];
}

/** Without a pattern; where it is not there, another matches, and a last one takes this back. */
export function withoutPattern(patterns: readonly string[], pattern: string): string[] {
  const left = patterns.filter((line) => line !== pattern);
  return left.length < patterns.length ? left : [...withPattern(left, `!${pattern}`)];
}
