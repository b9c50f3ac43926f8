import type { SkipReason, SkippedFile } from '../../protocol/skipped-file.ts';

/** Why a file is left out, and in a few words what was found. */
export type SkipCause = Omit<SkippedFile, 'path'>;

export const namedSecret: SkipCause = {
  reason: 'secret',
  detail: 'has a name that suggests keys or passwords',
};

export const namedGenerated: SkipCause = {
  reason: 'generated',
  detail: 'has a name that suggests a generated file',
};

export const statedGenerated: SkipCause = {
  reason: 'generated',
  detail: 'is marked as generated in .gitattributes',
};

/** The cause for a file that is larger than the most that is read. */
export function tooLarge(maxFileBytes: number): SkipCause {
  const size =
    maxFileBytes % 1024 === 0
      ? `${String(maxFileBytes / 1024)} KiB`
      : `${String(maxFileBytes)} bytes`;
  return { reason: 'too-large', detail: `is larger than ${size}` };
}

/** A cause from a reason that says all there is to say. */
export function asCause(cause: SkipReason | SkipCause): SkipCause {
  return typeof cause === 'string' ? { reason: cause } : cause;
}
