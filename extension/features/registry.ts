/** Every feature of the editor side, one line each. They are started and told things in this order. */

import { actions } from './actions/feature.ts';
import { agents } from './agents/feature.ts';
import { chat } from './chat/feature.ts';
import { choices } from './choices/feature.ts';
import { commit } from './commit/feature.ts';
import { completion } from './completion/feature.ts';
import { documents } from './documents/feature.ts';
import { edits } from './edits/feature.ts';
import { engine } from './engine/feature.ts';
import type { Feature } from './host/feature.ts';
import { map } from './map/feature.ts';
import { memory } from './memory/feature.ts';
import { models } from './models/feature.ts';
import { quality } from './quality/feature.ts';
import { reading } from './reading/feature.ts';
import { refine } from './refine/feature.ts';
import { settings } from './settings/feature.ts';
import { status } from './status/feature.ts';
import { welcome } from './welcome/feature.ts';

/** What is known of the memory comes first: the others show it. */
export const features: readonly Feature[] = [
  reading,
  choices,
  status,
  chat,
  memory,
  map,
  completion,
  refine,
  quality,
  models,
  settings,
  engine,
  documents,
  edits,
  commit,
  actions,
  agents,
  welcome,
];
