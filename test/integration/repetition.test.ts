/** An answer that goes round in circles is stopped, and says so. */
import { expect, it } from 'vitest';
import { asking, never, opening, startEngine } from './support/engine.ts';
import { folderOf } from './support/folders.ts';

const { session } = await startEngine();
const root = await folderOf({ 'a.ts': 'export const A = 1;\n' });

it('is stopped long before the limit; the first repetitions stay', async () => {
  const { model } = await session.open(
    opening(root, { policy: 'streaming', budget: { unit: 'tokens', value: 512 } }),
    never,
  );
  expect(model.bundled).toBe(true);
  let heard = '';
  const answer = await session.ask(
    asking('Repeat 4444444444444444444444', { recall: 'off', maxTokens: 1_024 }),
    (text) => {
      heard += text;
    },
    never,
  );
  expect(heard).toMatch(/4{200}/u);
  expect(answer.stopReason).toBe('repetition');
  expect(answer.outputTokens).toBeLessThan(300);
  expect(answer.answer).toMatch(/^\D*4{3}$/u);
  // The next question is answered as before.
  const next = await session.ask(asking('What is the value of A?'), () => undefined, never);
  expect(next.stopReason).toBe('end');
});
