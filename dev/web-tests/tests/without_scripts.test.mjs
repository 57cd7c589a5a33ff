// A browser with scripts switched off can do everything: all is links and forms.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pathsOf } from '../support/site.mjs';
import { startWorld } from '../support/world.mjs';

let page;
const world = startWorld(async (world) => {
  page = await world.open({ javaScriptEnabled: false });
});

test('all pages are complete without scripts', async () => {
  for (const path of await pathsOf(page)) {
    const response = await page.goto(path);
    assert.equal(response.status(), 200, path);
    assert.equal(await page.locator('h1').count(), 1, path);
  }
  assert.deepEqual(page.complaints, []);
});

test('a job is marked, found under its state and taken back without scripts', async () => {
  await page.goto('/matches');
  const title = (await page.locator('[data-job]').first().textContent()).trim();

  await page.locator('[data-card] button[data-key="a"]').first().click();
  assert.match(await page.locator('main').textContent(), /applied/i);

  await page.goto('/matches?state=applied');
  assert.equal((await page.locator('[data-job]').first().textContent()).trim(), title);
  assert.match(await world.program.run('jobs', '--state', 'applied', '--format', 'json'), new RegExp(escaped(title)));

  await page.goto('/matches?state=applied');
  await page.locator('[data-job]').first().click();
  await page.locator('button[name="mark"][value^="take-back:"]').first().click();
  await page.goto('/matches?state=applied');
  assert.equal(await page.locator('[data-job]').count(), 0);
});

test('jobs are searched without scripts', async () => {
  await page.goto('/matches');
  const word = (await page.locator('[data-job]').first().textContent()).trim().split(/\s+/)[0];

  await page.locator('[data-search]').fill(word);
  await page.locator('[data-search]').press('Enter');

  assert.ok((await page.locator('[data-job]').count()) > 0);
  for (const title of await page.locator('[data-card]').allTextContents()) {
    assert.match(title.toLowerCase(), new RegExp(escaped(word.toLowerCase())));
  }
});

/** Returns a pattern that matches the text itself. */
function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
