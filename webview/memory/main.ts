/** The script of the memory view. */

import '../../extension/protocol/jitless.ts';
import { pageRoot } from '../common/dom.ts';
import { Host } from '../common/host.ts';
import { Memory } from './memory.ts';

new Memory(new Host(), pageRoot());
