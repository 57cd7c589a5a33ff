// The program and the browser of one file of tests.

import { after, before } from 'node:test';

import { openWindow, startBrowser } from './browser.mjs';
import { Program } from './program.mjs';

/** Starts both before the tests of the file, and stops them after the last one. */
export function startWorld() {
  const world = {
    /** Opens a window of the browser at the program's page. */
    open: (options) => openWindow(world.browser, world.program.url, options),
  };

  before(async () => {
    [world.program, world.browser] = await Promise.all([Program.start(), startBrowser()]);
  });

  after(async () => {
    await world.browser?.close();
    await world.program?.stop();
  });

  return world;
}
