/** The views before there is a memory, at every width, zoom and theme. */

import { afterEach, describe, expect, it } from 'vitest';
import { contrasts } from '../e2e/support/contrast.ts';
import { cut, outOfReach, overlaps, sticksOut } from './support/layout.ts';
import { fullRun } from '../tools/full-run.ts';
import { files } from './support/look-data.ts';
import { ViewPage } from './support/page.ts';
import { fileListStates, sessionStates } from './support/session-states.ts';
import { themeNames } from './support/themes.ts';

let view: ViewPage | null = null;

afterEach(async () => {
  const opened = view;
  view = null;
  await opened?.close();
});

/** A window of 400 by 400 pixels at 200 % is one of half of that. */
const sizes = [
  { name: '200', width: 200, height: 500, zoom: 1 },
  { name: '250', width: 250, height: 500, zoom: 1 },
  { name: 'zoomed', width: 200, height: 200, zoom: 2 },
] as const;

let looks = 0;

/** Returns all themes in a full run; else one per call, in rotation. */
function themesNow(): readonly (typeof themeNames)[number][] {
  const at = looks++ % themeNames.length;
  return fullRun ? themeNames : themeNames.slice(at, at + 1);
}

/** Requires that texts are complete and separate, controls reachable, and everything readable. */
async function expectGoodLook(opened: ViewPage, picture: string): Promise<void> {
  const { page } = opened;
  for (const theme of themesNow()) {
    await opened.setTheme(theme);
    await opened.screenshot(`${picture}-${theme}`);
    const pale = (await contrasts(page.mainFrame())).filter(({ contrast }) => contrast < 4.5);
    expect(pale, `${picture}-${theme}`).toEqual([]);
  }
  expect(await sticksOut(page, '.file-list'), picture).toEqual([]);
  const rows = '#root, .panel, .panel-actions, .figures, .ask, h2, .totals, .list-header';
  expect(await overlaps(page, rows), picture).toEqual([]);
  expect(await cut(page, 'p, h2, h2 > span, dt, dd, .button, .hint'), picture).toEqual([]);
  expect(await outOfReach(page, 'button, input, textarea, summary', true), picture).toEqual([]);
}

describe.each(sizes)('at $name', ({ name, ...size }) => {
  it.each(Object.entries(sessionStates))('the chat fits while it is %s', async (state, session) => {
    view = await ViewPage.open(size);
    await view.send({ type: 'session', session });
    // The next action is visible at once, unless a previous memory takes the room.
    if (session.kind !== 'reading' || session.summary === null) {
      expect(await outOfReach(view.page, '.panel-actions > button, textarea', false)).toEqual([]);
    }
    await expectGoodLook(view, `look-state-chat-${state}-${name}`);
  });

  it.each(fileListStates)('the list of files fits while it is %s', async (state, session) => {
    view = await ViewPage.open({ view: 'memory', ...size });
    await view.send({ type: 'memory', session, files });
    await expectGoodLook(view, `look-state-memory-${state}-${name}`);
  });
});
