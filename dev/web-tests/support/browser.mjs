// The distribution's Chromium, driven over its own protocol.

import { chromium } from 'playwright-core';

/** A phone, a tablet and a desktop, in pixels. */
export const WIDTHS = [390, 768, 1440];

export const SCHEMES = ['light', 'dark'];

/** Starts the browser. `CHROMIUM` names its program. */
export function startBrowser() {
  // Chromium refuses to build its own sandbox as root, which CI is. The pages are those of this machine.
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/**
 * Opens a window, and records everything that the browser complains about: errors in the console, violations of the
 * policy, failed requests, and requests to other servers.
 */
export async function openWindow(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.complaints = [];

  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    page.complaints.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(url) && !target.startsWith('data:')) page.complaints.push(`a request to ${target}`);
  });
  return page;
}
