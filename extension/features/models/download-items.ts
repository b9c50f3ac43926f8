/** What the list of models to download shows: those of Loci's list, and those that were begun. */

import type { CuratedModel } from '../../models/curated.ts';
import type { DownloadedModel } from '../../models/download/model-folder.ts';
import { plainLine } from '../../protocol/plain-text.ts';
import type { ModelFit } from '../../protocol/requests/proposed-models.ts';
import { describeFit } from '../../report/download-text.ts';
import { byteSize, fullCount, percent } from '../../report/format.ts';
import { withoutIcons } from '../editor/without-icons.ts';

/** A line of the list. */
export interface DownloadItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly choice:
    | { readonly kind: 'curated'; readonly model: CuratedModel }
    /** Begun from an address that the user wrote. */
    | { readonly kind: 'begun'; readonly address: string }
    | { readonly kind: 'there'; readonly path: string };
}

/**
 * The lines, in the order of the lists.
 * @param fits may lack models: nothing is said of where they fit
 */
export function downloadItems(
  models: readonly CuratedModel[],
  fits: readonly ModelFit[],
  folder: readonly DownloadedModel[],
): DownloadItem[] {
  const curated = models.map((model): DownloadItem => {
    const fit = fits.find(({ name }) => name === model.name);
    const there = folder.find(({ fileName }) => fileName === model.file);
    const state =
      there === undefined
        ? []
        : [there.complete ? 'downloaded' : `${percent(there.bytes / model.bytes)} is here`];
    return {
      label: model.title,
      description: [byteSize(model.bytes), model.quantisation, model.licence, ...state].join(', '),
      detail: [
        ...(fit === undefined ? [] : [describeFit(fit)]),
        `trained for ${fullCount(model.trainedContext)} tokens`,
        model.repository,
      ].join(', '),
      choice:
        there?.complete === true ? { kind: 'there', path: there.path } : { kind: 'curated', model },
    };
  });
  const begun = folder.flatMap(({ fileName, bytes, address }): DownloadItem[] =>
    address === null || models.some(({ file }) => file === fileName)
      ? []
      : [
          {
            label: withoutIcons(plainLine(fileName, 120)),
            description: `${byteSize(bytes)} are here`,
            detail: withoutIcons(plainLine(address)),
            choice: { kind: 'begun', address },
          },
        ],
  );
  return [...curated, ...begun];
}
