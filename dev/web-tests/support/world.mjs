// The program and the browser of one file of tests.

import { after, before } from 'node:test';

import { openWindow, startBrowser } from './browser.mjs';
import { Program } from './program.mjs';

/**
 * Starts both before the tests of the file, and stops them after the last one.
 *
 * `prepare` gets the started world. It is not a hook of its own, since the runner may start all
 * hooks of a file at once.
 */
export function startWorld(prepare = async () => {}) {
  const world = {
    /** Opens a window of the browser at the program's page. */
    open: (options) => openWindow(world.browser, world.program.url, options),
  };

  before(async () => {
    [world.program, world.browser] = await Promise.all([Program.start(), startBrowser()]);
    await prepare(world);
  });

  after(async () => {
    await world.browser?.close();
    await world.program?.stop();
  });

  return world;
}
