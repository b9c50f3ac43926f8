/** The script of both views; the page says which one it is. */

import '../extension/protocol/jitless.ts';
import { Chat } from './chat/chat.ts';
import { Host } from './common/host.ts';
import { Memory } from './memory/memory.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
const host = new Host();
if (document.body.dataset['view'] === 'memory') new Memory(host, root);
else new Chat(host, root);
