/** The script of the map. */

import '../../extension/protocol/jitless.ts';
import { pageRoot } from '../common/dom.ts';
import { Host } from '../common/host.ts';
import { MemoryMap } from './memory-map.ts';

new MemoryMap(new Host(), pageRoot());
