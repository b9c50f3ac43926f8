/** The version of this extension. */

import * as vscode from 'vscode';
import { z } from 'zod';

const manifestSchema = z.object({ version: z.string() });

/** As the editor knows it; empty where it does not. */
export function ownVersion(): string {
  const manifest: unknown = vscode.extensions.getExtension('loci.loci')?.packageJSON;
  return manifestSchema.safeParse(manifest).data?.version ?? '';
}
