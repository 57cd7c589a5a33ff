// A person who has only the page follows a company, from the address of its board to a job that is marked.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { PICTURES } from '../support/paths.mjs';
import { startWorld } from '../support/world.mjs';

let page;
const world = startWorld(async (world) => {
  page = await world.open({ viewport: { width: 1024, height: 768 } });
  await mkdir(PICTURES, { recursive: true });
});

const picture = (name) => page.screenshot({ path: join(PICTURES, `journey-${name}.png`) });

test('a company is followed, scanned, and its job is marked and taken back', async (t) => {
  await t.test('its address becomes a source', async () => {
    await page.goto('/sources');
    await page.getByRole('link', { name: 'Add source' }).click();
    await page.getByLabel(/Addresses/).fill('https://jobs.ashbyhq.com/board-1');
    await page.getByRole('button', { name: 'Find sources' }).click();

    const yaml = await page.getByLabel(/Sources, as in the configuration/).inputValue();
    assert.match(yaml, /type: ashby/);
    assert.match(yaml, /identifier: board-1/);
    await picture('1-found');
  });

  await t.test('its first jobs are previewed', async () => {
    const line = world.program.sourceLine('Fourth Board', 'ashby', 'api.ashbyhq.com', 'board-1');
    await page.getByLabel(/Sources, as in the configuration/).fill(`sources:\n${line}`);
    await page.getByRole('button', { name: 'Preview the first jobs' }).click();

    await page.getByRole('heading', { name: 'Fourth Board' }).waitFor();
    assert.ok((await page.locator('section.preview li').count()) > 0);
    await picture('2-preview');
  });

  await t.test('it is added and scanned, and the page follows the scan', async () => {
    await page.getByRole('button', { name: 'Add and scan' }).click();

    await page.locator('.source', { hasText: 'Fourth Board' }).getByText('40 open jobs').waitFor();
    await picture('3-sources');
  });

  await t.test('its matches say why, and can be marked and taken back', async () => {
    await page.goto('/matches?source=ashby%2Fboard-1');
    const card = page.locator('[data-card]').first();
    assert.match(await card.locator('.why').textContent(), /engineer|remote/i);
    await picture('4-matches');

    await card.locator('[data-key="x"]').click();
    await page.locator('[data-card] [data-key="u"]').first().click();
    await card.locator('[data-key="x"]').waitFor();
  });

  await t.test('the failing board says why, and what to do', async () => {
    await page.goto('/sources?show=failing');
    const failing = page.locator('.source', { hasText: 'Failing Board' });
    assert.match(await failing.locator('.problem').textContent(), /500/);
    await picture('5-failing');
  });

  assert.deepEqual(page.complaints, []);
});

test('a query is tried on the stored jobs', async () => {
  await page.goto('/profiles?name=my-search');
  await page.getByLabel('Query').fill('title:engineer* AND rust');
  await page.getByRole('button', { name: 'Try on the stored jobs' }).click();

  await page.getByRole('heading', { name: 'Matching jobs' }).waitFor();
  assert.match(await page.locator('#yaml').textContent(), /title:engineer\*/);
  await picture('6-profile');
});
