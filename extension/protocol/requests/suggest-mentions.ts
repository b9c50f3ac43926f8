/** What an `@` in a question may mean, while it is typed. */

import { z } from 'zod';
import type { Immutable, RequestType } from '../message.ts';

/** The longest query, in UTF-16 units. */
export const longestQuery = 200;

export const mentionSuggestionSchema = z.object({
  kind: z.enum(['file', 'folder', 'symbol']),
  /** What stands behind the `@`, in quotes where it needs them. */
  text: z.string().min(1),
  /** The name alone. */
  name: z.string(),
  /** Where it is: the folder of a file, the place of a definition; may be empty. */
  detail: z.string(),
});
export type MentionSuggestion = Immutable<z.infer<typeof mentionSuggestionSchema>>;

const suggestMentionsParametersSchema = z.object({ query: z.string().max(longestQuery) });
export type SuggestMentionsParameters = Immutable<z.infer<typeof suggestMentionsParametersSchema>>;

/** Suggests files, folders and definitions of what was read, best first; beside whatever runs. */
export const suggestMentionsRequest: RequestType<SuggestMentionsParameters, MentionSuggestion[]> = {
  method: 'loci/suggestMentions',
  parameters: suggestMentionsParametersSchema,
  result: z.array(mentionSuggestionSchema),
};
