/** What the features declare, together: the menu in each state, and that views are heard. */

import { describe, expect, it } from 'vitest';
import { openResult } from '../../test/fixtures/open-result.ts';
import type { SessionState } from '../engine-client/session-state.ts';
import { actionSchema, fromViewSchema } from '../protocol/webview.ts';
import { menuOf } from './host/feature.ts';
import { features } from './registry.ts';

const result = openResult({ complete: true });
const begun = { cause: 'requested', progress: null, cancelling: false, notice: null } as const;
const estimate = { tokens: 1, seconds: null, folders: [] };
const readFirst = ['Read this repository'];

/** Every state, and the lines of the menu that are of it. */
const states: readonly [SessionState, readonly string[]][] = [
  [{ kind: 'idle' }, readFirst],
  [{ kind: 'counting', files: 3 }, readFirst],
  [{ kind: 'proposed', estimate }, readFirst],
  [{ kind: 'reading', ...begun, result: null }, ['Cancel reading']],
  [{ kind: 'ready', result, notice: null }, ['Read again']],
  [
    { kind: 'ready', result: openResult({ complete: false }), notice: null },
    ['Read again', 'Continue reading'],
  ],
  [{ kind: 'cancelled' }, readFirst],
  [{ kind: 'restarting', message: 'It crashed.', delayMs: 1 }, ['Cancel reading']],
  [{ kind: 'failed', code: 'internal', message: 'It broke.' }, readFirst],
];

describe('the menu', () => {
  it.each([
    [false, 'Refine memory'],
    [true, 'Cancel refining'],
  ])('has the lines of each state in their order, refining: %s', (refining, refine) => {
    for (const [state, lines] of states) {
      const items = menuOf(features, state, (key) => refining && key === 'refining');
      expect(items.map(({ label }) => label.replace(/^\$\([\w-]+\) /u, ''))).toEqual([
        ...lines,
        'Ask',
        'Show memory',
        'Show memory map',
        refine,
        'Measure quality',
        'Choose a model…',
        'Download a model…',
        'Open settings',
        'Show log',
        ...(state.kind === 'ready' ? ['Unload the model'] : []),
        'Restart engine',
      ]);
    }
  });

  it('runs commands that some feature has', () => {
    const commands = new Set(features.flatMap((feature) => feature.commands));
    for (const { menu } of features) {
      for (const { command } of menu) expect(commands).toContain(command);
    }
  });
});

describe('the views', () => {
  it('have one feature for each of their buttons', () => {
    const handled = features.flatMap((feature) => feature.actions);
    expect(handled.toSorted()).toEqual(actionSchema.options.toSorted());
  });

  it('have a feature for each message but those of their own hosts', () => {
    const ownHosts = ['fault', 'use-budget', 'inspect', 'action'];
    const types = fromViewSchema.options.map(({ shape }) => shape.type.value);
    const handled = features.flatMap((feature) => feature.messages);
    expect([...handled, ...ownHosts].sort()).toEqual(types.toSorted());
  });
});
