/** The definition of a setting: its key, default, check, text and the effect of a change. */

import type { z } from 'zod';
import { notAChoice } from '../protocol/policies.ts';

/**
 * What a change leads to: another reading, another size of the memory, which a reading may follow, another
 * number of threads, the following of what is to be remembered, or nothing until it is asked.
 */
export type SettingChange = 'reread' | 'resize' | 'threads' | 'follow' | 'none';

type SettingCheck<T> =
  | { readonly ok: true; readonly value: T }
  /** One sentence for the user. */
  | { readonly ok: false; readonly message: string };

/** A setting, with its entry on the settings page. */
export interface Setting<T> {
  /** The key after `loci.`. */
  readonly key: string;
  readonly fallback: T;
  readonly change: SettingChange;
  /** Checks any value from an edited settings.json. */
  readonly check: (raw: unknown) => SettingCheck<T>;
  /** Where the editor accepts it. */
  readonly scope:
    'machine' | 'machine-overridable' | 'window' | 'resource' | 'language-overridable';
  /** Markdown for the settings page and the README. */
  readonly text: string;
  /** Further properties of its JSON schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

type Common<T> = Pick<Setting<T>, 'key' | 'change' | 'scope' | 'text' | 'schema'> & {
  readonly fallback: NoInfer<T>;
};

/** Defines a setting of any type. @param type the schema of its value */
export function setting<T>(type: z.ZodType<T>, common: Common<T>): Setting<T> {
  return {
    ...common,
    check: (raw) => {
      const checked = type.safeParse(raw);
      if (checked.success) return { ok: true, value: checked.data };
      const value = JSON.stringify(raw);
      return { ok: false, message: `Invalid value ${value} for loci.${common.key}.` };
    },
  };
}

const sizePattern = /^\s*(?<value>\d+(?:\.\d+)?)\s*(?<unit>[mg]ib)\s*$/iu;

/** Defines a setting for a size such as `512MiB`; {@link sizeBytes} parses it. */
export function sizeSetting(common: Omit<Common<string>, 'schema'>): Setting<string> {
  const forms = 'Use a size such as 512MiB or 4GiB.';
  return {
    ...common,
    check: (raw) => {
      if (typeof raw === 'string' && sizePattern.test(raw)) return { ok: true, value: raw };
      const value = JSON.stringify(raw);
      return { ok: false, message: `Invalid value ${value} for loci.${common.key}. ${forms}` };
    },
    schema: {
      type: 'string',
      pattern: String.raw`^\s*\d+(\.\d+)?\s*[mMgG][iI][bB]\s*$`,
      patternErrorMessage: forms,
    },
  };
}

/** Returns the bytes of a size that {@link sizeSetting} has checked. */
export function sizeBytes(text: string): number {
  const groups = sizePattern.exec(text)?.groups;
  const unit = groups?.['unit']?.toLowerCase() === 'gib' ? 2 ** 30 : 2 ** 20;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.floor(Number(groups?.['value'] ?? 0) * unit));
}

/**
 * Defines a setting that is one of a few words.
 * @param kind the choice with its article, e.g. `a policy`
 * @param words all accepted words
 * @param listed the words that the settings page lists, and their descriptions
 */
export function choice<T extends string>(
  kind: string,
  words: readonly T[],
  listed: Readonly<Partial<Record<T, string>>>,
  common: Omit<Common<T>, 'schema'> & { readonly schema?: Setting<T>['schema'] },
): Setting<T> {
  return {
    ...common,
    check: (raw) => {
      const value = words.find((word) => word === raw);
      if (value !== undefined) return { ok: true, value };
      return { ok: false, message: notAChoice(raw, kind, words) };
    },
    schema: {
      type: 'string',
      enum: Object.keys(listed),
      enumDescriptions: Object.values(listed),
      ...common.schema,
    },
  };
}
