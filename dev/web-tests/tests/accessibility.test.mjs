// Every page passes the rules of WCAG 2.2 AA that can be checked by a program (https://www.w3.org/TR/WCAG22/), at three
// widths, in light and dark, and with the colours that a person chose.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { SCHEMES, WIDTHS } from '../support/browser.mjs';
import { pathsOf } from '../support/site.mjs';
import { startWorld } from '../support/world.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

const world = startWorld();

/** Returns a line for each element that breaks a rule. */
async function violationsOn(page, path) {
  await page.goto(path);
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${path} ${id}: ${help}: ${node.html}`));
}

for (const colorScheme of SCHEMES) {
  for (const width of WIDTHS) {
    test(`pages pass the rules of accessibility in ${colorScheme} at ${width} pixels`, async () => {
      // The page's policy forbids the script that checks it.
      const viewport = { width, height: 900 };
      const page = await world.open({ bypassCSP: true, colorScheme, viewport });

      const violations = [];
      for (const path of await pathsOf(page)) violations.push(...await violationsOn(page, path));

      assert.deepEqual(violations, []);
      await page.context().close();
    });
  }
}

for (const width of WIDTHS) {
  test(`pages are not wider than a window of ${width} pixels`, async () => {
    const page = await world.open({ viewport: { width, height: 900 } });

    const tooWide = [];
    for (const path of await pathsOf(page)) {
      await page.goto(path);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > width) tooWide.push(`${path}: ${needed} pixels`);
    }

    assert.deepEqual(tooWide, []);
    await page.context().close();
  });
}

test('the focus stays visible with the colours that a person chose', async () => {
  const page = await world.open({ forcedColors: 'active' });
  await page.goto('/matches');

  await page.locator('[data-job]').first().focus();
  const outline = await page.locator(':focus').evaluate((element) => getComputedStyle(element).outlineStyle);

  assert.notEqual(outline, 'none');
  await page.context().close();
});

test('nothing moves for a person who asked for less motion', async () => {
  const page = await world.open();

  for (const path of await pathsOf(page)) {
    await page.goto(path);
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0, path);
  }
  await page.context().close();
});
