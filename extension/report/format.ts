/** Formats amounts for display in the views and the status bar. */

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Formats as `950`, `1.2K`, `3.4M`. */
export function compactCount(value: number): string {
  return compact.format(value < 1000 ? Math.round(value) : value);
}

/** Formats as `12,345`. */
export function fullCount(value: number): string {
  return plain.format(value);
}

/** Formats as `1 file`, `12,345 files`. */
export function counted(value: number, noun: string): string {
  return `${fullCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const byteUnits = ['KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes in binary units: `512 B`, `4.1 MiB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${plain.format(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${byteUnits[unit] ?? ''}`;
}

/** Seconds as `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return joinUnits(minutes, 'min', whole % 60, 's');
  return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${String(large)} ${largeUnit}`;
  return small === 0 ? head : `${head} ${String(small)} ${smallUnit}`;
}

/** Formats a share in [0, 1] as `37 %`, or `0.4 %` below 1 %; never rounds to 0 % or 100 %. */
export function percent(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const value = share * 100;
  if (value < 0.1) return '< 0.1 %';
  if (value < 0.95) return `${value.toFixed(1)} %`;
  return `${String(Math.min(99, Math.round(value)))} %`;
}

/** The figures of a memory that say how much of a repository it remembers. */
export interface Remembered {
  readonly heldTokens: number;
  /** The tokens of the whole repository, read or not. */
  readonly totalTokens: number;
}

/** The share in [0, 1] of the whole repository that a memory holds. */
export function rememberedShare({ heldTokens, totalTokens }: Remembered): number {
  return totalTokens === 0 ? 0 : Math.min(1, heldTokens / totalTokens);
}

/** Formats as `Remembers 10 % of this repository`. */
export function rememberedText(memory: Remembered): string {
  return `Remembers ${percent(rememberedShare(memory))} of this repository`;
}

/** Formats as `1,639 of 16,399 tokens`. */
export function rememberedTokens({ heldTokens, totalTokens }: Remembered): string {
  return `${fullCount(heldTokens)} of ${counted(totalTokens, 'token')}`;
}

/** The notice for a reading that was stopped. */
export function stoppedEarly(files: number, totalFiles: number): string {
  return `Reading stopped early. Answers use only the first ${fullCount(files)} of ${counted(totalFiles, 'file')}.`;
}

/** The notice for a name in a question that was not found. */
export function describeUnknownName(name: string): string {
  return `\`${name}\` does not occur in what was read.`;
}
