/** How much room the readers behind a memory have, in tokens. */

import { z } from 'zod';

/** Enough for a conversation, and a small part of most budgets. */
export const defaultWorkingTokens = 4096;

/** As many as the smallest chunk for each of them. */
export const leastWorkingTokens = 768;

export const workingTokensSchema = z.number().int().min(leastWorkingTokens).max(1_000_000);
