// Writes pictures of every page, at phone and desktop width, in light and dark, for people to look at.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { SCHEMES } from '../support/browser.mjs';
import { PICTURES } from '../support/paths.mjs';
import { pathsOf } from '../support/site.mjs';
import { startWorld } from '../support/world.mjs';

const world = startWorld(async () => {
  await mkdir(PICTURES, { recursive: true });
});

for (const colorScheme of SCHEMES) {
  for (const width of [390, 1440]) {
    test(`pictures of all pages in ${colorScheme} at ${width} pixels`, async () => {
      const page = await world.open({ colorScheme, viewport: { width, height: 900 } });
      for (const path of await pathsOf(page)) {
        await page.goto(path);
        const name = path.match(/^\/([a-z]+)/)[1];
        await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`) });
      }
      await page.context().close();
    });
  }
}
