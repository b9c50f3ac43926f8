import type { SkipReason, SkippedFile } from '../../protocol/skipped-file.ts';

/** Why a file is left out, with a short detail. */
export type SkipCause = Omit<SkippedFile, 'path'>;

/** By the user's own word. */
export const excludedByUser: SkipCause = {
  reason: 'excluded',
  detail: 'is excluded by the setting loci.exclude',
};

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

/** The cause for a file above the size limit. */
export function tooLarge(maxFileBytes: number): SkipCause {
  const size =
    maxFileBytes % 1024 === 0
      ? `${String(maxFileBytes / 1024)} KiB`
      : `${String(maxFileBytes)} bytes`;
  return { reason: 'too-large', detail: `is larger than ${size}` };
}

/** Turns a bare reason into a cause. */
export function asCause(cause: SkipReason | SkipCause): SkipCause {
  return typeof cause === 'string' ? { reason: cause } : cause;
}
