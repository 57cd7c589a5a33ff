// Two browsers and the command line change the same job: nothing is lost, and each sees the others on a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startWorld } from '../support/world.mjs';

const world = startWorld();

test('changes of two browsers and of the command line are all kept', async () => {
  const windows = await Promise.all([0, 1].map(() => world.open()));
  for (const window of windows) await window.goto('/matches');
  const [job] = JSON.parse(await world.program.run('jobs', '--profile', 'engineering', '--format', 'json'));

  const card = (window) => window.locator('[data-card]', { hasText: job.title }).first();
  await Promise.all([
    card(windows[0]).locator('[data-key="s"]').click(),
    card(windows[1]).locator('[data-key="a"]').click(),
    world.program.run('mark', job.key, 'interview', '--note', 'from the command line'),
  ]);
  for (const window of windows) await window.locator('[data-card] [data-key="u"]').first().waitFor();

  const history = await world.program.run('jobs', 'show', job.key, '--format', 'json');
  for (const decision of ['interested', 'applied', 'interview']) assert.match(history, new RegExp(decision));

  const [first, second] = await Promise.all(windows.map(async (window) => {
    await window.goto('/matches?state=all');
    return card(window).textContent();
  }));
  assert.equal(first, second);
});
