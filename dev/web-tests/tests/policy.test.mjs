// The browser enforces the policy of the page, and has nothing to complain about. What a board sends stays text.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HOSTILE_TITLE } from '../support/hostile_board.mjs';
import { pathsOf } from '../support/site.mjs';
import { startWorld } from '../support/world.mjs';

const world = startWorld();

test('no page makes the browser complain', async () => {
  const page = await world.open();

  for (const path of await pathsOf(page)) {
    const response = await page.goto(path, { waitUntil: 'load' });
    assert.equal(response.status(), 200, path);
  }

  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a script in a page is refused by the policy', async () => {
  const page = await world.open();
  await page.goto('/matches');

  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "broken"';
    document.body.append(script);
  });

  assert.doesNotMatch(await page.title(), /broken/);
  assert.match(page.complaints.join('\n'), /Content Security Policy/);
  await page.context().close();
});

test('markup, scripts and controls from a board are shown as text', async () => {
  const page = await world.open();
  await page.goto('/matches?q=broken');

  const link = page.locator('[data-job]').first();
  assert.match(await link.textContent(), /<script>document\.title/);
  await link.click();
  await page.waitForURL(/\/job\?key=/);

  const heading = await page.locator('h1').first().textContent();
  assert.ok(heading.includes(HOSTILE_TITLE.slice(0, 40)), heading);
  assert.equal(await page.locator('main script, main img').count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a link that would run code is not a link', async () => {
  const page = await world.open();
  await page.goto('/matches?q=runs+code');

  await page.locator('[data-job]').first().click();
  await page.waitForURL(/\/job\?key=/);

  assert.equal(await page.locator('a[href^="javascript:" i]').count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
