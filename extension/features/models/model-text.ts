/** Models in words, for the picker and the question before one is used. */

import { visibleName } from '../../protocol/plain-text.ts';
import { byteSize, compactCount, fullCount } from '../../report/format.ts';
import type { ModelDescription } from '../../protocol/requests/inspect-model.ts';

/** What a user needs to know before a model is used, one fact a line. */
export function modelDetail(model: ModelDescription): string {
  const { parameters, fileBytes, architecture, known, trainedContext } = model;
  const size = parameters === null ? '' : `, ${compactCount(parameters)} parameters`;
  return [
    `Architecture: ${architecture}${size}${known ? '' : '. Loci does not know it and will check it against llama.cpp first'}`,
    `Weights: ${byteSize(fileBytes)}`,
    `Trained context: ${fullCount(trainedContext)} tokens`,
    `Memory: ${byteSize(model.bytesPerThousandTokens)} per 1,000 tokens held`,
    fitText(model),
    model.fillsInMiddle
      ? 'Inline completions: yes (fill-in-the-middle)'
      : 'Inline completions: no (the model has no fill-in-the-middle tokens)',
    `File: ${visibleName(model.path)}`,
  ].join('\n');
}

function fitText({ fits, freeBytes, largestBudgetTokens, name }: ModelDescription): string {
  if (fits === null) {
    return `Fit: ${name} does not fit this machine; ${byteSize(freeBytes)} are free.`;
  }
  const where = fits === 'gpu' ? 'the GPU' : 'main memory';
  return `Fit: yes, in ${where}, with a budget of up to ${fullCount(largestBudgetTokens)} tokens`;
}
