/** The loaded model's formats of turns, files and completions. */

import type { NextEditFamily } from '../../models/next-edit-families.ts';
import { createLayout } from '../../repository/stream/layout.ts';
import type { RepositoryLayout } from '../../repository/stream/layout.ts';
import { CompletionSupport } from './completion-format.ts';
import type { NativeModel } from '../native/contract.ts';
import { createChatFormat } from './chat-format.ts';
import { codeMarks } from './code-marks.ts';
import type { ChatFormat } from './chat-format.ts';

/** A model's formats of turns and files. */
export interface Formats {
  readonly chat: ChatFormat;
  readonly layout: RepositoryLayout;
  readonly completion: CompletionSupport;
  /** null for a model that was not trained to predict the next edit. */
  readonly nextEdit: NextEditFamily | null;
}

export type { NextEditFamily } from '../../models/next-edit-families.ts';

/**
 * Makes the formats of a model.
 * @param nextEdit as the model's file says
 * @throws EngineError `model-unsupported`
 */
export function createFormats(model: NativeModel, nextEdit: NextEditFamily | null = null): Formats {
  return {
    chat: createChatFormat(model),
    layout: createLayout(model, codeMarks(model).repository),
    completion: new CompletionSupport(model),
    nextEdit,
  };
}
