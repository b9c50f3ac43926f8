/** Text of others in the editor's lists. */

/** A text for a list, which shows `$(name)` as an icon; a backslash keeps it text. */
export function withoutIcons(text: string): string {
  return text.replace(/\\?\$\((?=[A-Za-z0-9~-]+\))/gu, String.raw`\$(`);
}
