/** The script of the quality view. */

import '../../extension/protocol/jitless.ts';
import { pageRoot } from '../common/dom.ts';
import { Host } from '../common/host.ts';
import { Quality } from './quality.ts';

new Quality(new Host(), pageRoot());
