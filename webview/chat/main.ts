/** The script of the chat view. */

import '../../extension/protocol/jitless.ts';
import { pageRoot } from '../common/dom.ts';
import { Host } from '../common/host.ts';
import { Chat } from './chat.ts';

new Chat(new Host(), pageRoot());
