import { expect, it } from 'vitest';
import type { ToChat } from '../../protocol/webview.ts';
import { ChatEntry } from './chat-entry.ts';

function start(): { entry: ChatEntry; posted: ToChat[]; view: { loaded: boolean } } {
  const posted: ToChat[] = [];
  const view = { loaded: true };
  const entry = new ChatEntry({
    show: () => Promise.resolve(),
    post: (message) => {
      if (view.loaded) posted.push(message);
      return view.loaded;
    },
  });
  return { entry, posted, view };
}

it('keeps every text until the view has loaded, in order, and gives it once', async () => {
  const { entry, posted, view } = start();
  view.loaded = false;
  await entry.open();
  entry.draft('In a.ts:1, ');
  entry.draft('What is X?');
  expect(posted).toEqual([]);
  view.loaded = true;
  entry.flush();
  entry.flush();
  expect(posted).toEqual([
    { type: 'focus' },
    { type: 'draft', text: 'In a.ts:1, ' },
    { type: 'draft', text: 'What is X?' },
  ]);
});

it('takes the focus once for each time that it is opened', async () => {
  const { entry, posted } = start();
  await entry.open();
  entry.flush();
  expect(posted).toEqual([{ type: 'focus' }]);
  await entry.open();
  expect(posted).toHaveLength(2);
});
