/** Patterns by which the user says which files are meant, by their paths. */

import { z } from 'zod';
import { path } from './fields.ts';
import type { Immutable } from './message.ts';

const mostPatterns = 10_000;
const longestPattern = 4_096;

/** Patterns as the lines of a `.gitignore`; the later decides where several match. */
export const patternsSchema = z.array(z.string().max(longestPattern)).max(mostPatterns);

/** The patterns of one folder that is read, in which their paths begin; `root` null: of all of them. */
export const statedPatternsSchema = z.array(
  z.object({ root: path.nullable(), patterns: patternsSchema }),
);
export type StatedPatterns = Immutable<z.infer<typeof statedPatternsSchema>>;
