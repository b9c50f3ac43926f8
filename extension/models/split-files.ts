import { basename, dirname, join } from 'node:path';

const splitName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;
const mostParts = 512;

/** The parts of a split model, given any one of them; null if the name is not of a split model. */
export function splitFiles(path: string): string[] | null {
  const match = splitName.exec(basename(path));
  const count = Number(match?.[3] ?? 0);
  if (match === null || count < 1 || count > mostParts) {
    return null;
  }
  const total = String(count).padStart(5, '0');
  return Array.from({ length: count }, (_, index) =>
    join(dirname(path), `${match[1] ?? ''}-${String(index + 1).padStart(5, '0')}-of-${total}.gguf`),
  );
}
