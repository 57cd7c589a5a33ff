// The pages of the site, found as a person finds them.

/** Returns the paths of all pages: those of the navigation, and the pages of a few jobs. */
export async function pathsOf(page) {
  await page.goto('/');
  const entries = await page.locator('nav[aria-label="Main"] a').evaluateAll((links) => links.map((link) => link.pathname));
  const jobs = await page.locator('[data-job]').evaluateAll((links) => links.slice(0, 3).map((link) => link.pathname + link.search));
  return [...new Set([...entries, ...jobs])];
}
