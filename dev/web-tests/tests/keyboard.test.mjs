// A person with only a keyboard triages the matches.

import assert from 'node:assert/strict';
import { beforeEach, afterEach, test } from 'node:test';

import { startWorld } from '../support/world.mjs';

const world = startWorld();
let page;

beforeEach(async () => {
  page = await world.open();
  await page.goto('/matches');
});

afterEach(async () => {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

/** Returns the title of the job that has the focus. */
const focusedTitle = () => page.evaluate(() => document.activeElement.closest('[data-card]')?.querySelector('[data-job]').textContent.trim());

const titles = async () => (await page.locator('[data-job]').allTextContents()).map((title) => title.trim());

test('j and k move through the jobs', async () => {
  const [first, second] = await titles();

  await page.keyboard.press('j');
  assert.equal(await focusedTitle(), first);
  await page.keyboard.press('j');
  assert.equal(await focusedTitle(), second);
  await page.keyboard.press('k');
  assert.equal(await focusedTitle(), first);
});

test('s marks a job without a reload, moves on, and u takes it back', async () => {
  await page.evaluate(() => { window.sameDocument = true; });
  const [first, second] = await titles();

  await page.keyboard.press('j');
  await page.keyboard.press('s');
  await page.locator('[data-card] [data-key="u"]').first().waitFor();
  assert.equal(await focusedTitle(), second);
  assert.match(await world.program.run('jobs', '--state', 'interested', '--format', 'json'), new RegExp(first.slice(0, 10)));

  await page.keyboard.press('k');
  await page.keyboard.press('u');
  await page.locator('[data-card] [data-key="u"]').first().waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => window.sameDocument), true);
});

test('o opens the job that has the focus', async () => {
  const [first] = await titles();

  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await page.waitForURL(/\/job\?key=/);

  assert.equal((await page.locator('h1').textContent()).trim(), first);
});

test('the slash goes to the search, where letters are letters', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('jobs');

  assert.equal(await page.locator('[data-search]').inputValue(), 'jobs');
});

test('g and a letter go to another page', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.waitForURL(/\/sources$/);
});

test('the question mark lists the keys, and they can be switched off', async () => {
  await page.keyboard.press('?');
  const help = page.getByRole('dialog');
  await help.waitFor();
  await help.getByRole('checkbox').press('Space');
  await page.keyboard.press('Escape');

  await page.keyboard.press('j');
  assert.equal(await focusedTitle(), undefined);
});

test('the first press of Tab offers to skip the navigation', async () => {
  await page.keyboard.press('Tab');
  assert.match(await page.locator(':focus').textContent(), /skip/i);

  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
});
