/** The fields that messages have in common. */

import { z } from 'zod';

/** A whole number from 0. */
export const count = z.number().int().nonnegative();
/** A number from 0. */
export const amount = z.number().nonnegative();
/** A number in [0, 1]. */
export const share = z.number().min(0).max(1);
/** A place in a file, from 1. */
export const line = z.number().int().positive();
/** A path that is not empty. */
export const path = z.string().min(1);
/** A question that says something. */
export const question = z
  .string()
  .refine((text) => text.trim().length > 0, 'The question is empty.');
/** What a random choice begins with. */
export const seed = z.number().int().nonnegative().max(0xffffffff);
