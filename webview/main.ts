/** The script of all views; the page says which one it is. */

import '../extension/protocol/jitless.ts';
import { Chat } from './chat/chat.ts';
import { Host } from './common/host.ts';
import { Memory } from './memory/memory.ts';
import { Quality } from './quality/quality.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
const host = new Host();
switch (document.body.dataset['view']) {
  case 'memory':
    new Memory(host, root);
    break;
  case 'quality':
    new Quality(host, root);
    break;
  default:
    new Chat(host, root);
}
