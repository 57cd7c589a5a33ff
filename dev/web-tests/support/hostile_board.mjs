// A board whose texts try to break the page.

import { createServer } from 'node:http';

/** Markup, a script, a control that reverses the text after it, and the end of an attribute. */
export const HOSTILE_TITLE = 'Engineer </title><script>document.title = "broken"</script> \u202e"><img src=x onerror=alert(1)>';

/** The longest title that a board of the tests sends. */
const LONG_TITLE = `Engineer ${'x'.repeat(100_000)}`;

function job(id, title) {
  return {
    id,
    title,
    absolute_url: `https://jobs.example/${id}`,
    updated_at: '2026-11-01T08:00:00Z',
    location: { name: '"><script>alert(2)</script>' },
    content: '&lt;p onclick="alert(3)"&gt;Engineer &lt;script&gt;alert(4)&lt;/script&gt;&lt;a href="javascript:alert(5)"&gt;Apply&lt;/a&gt;&lt;/p&gt;',
  };
}

/** Serves one board in the form of Greenhouse. Returns its address and a function that stops it. */
export async function serveHostileBoard() {
  const jobs = [
    job(1, HOSTILE_TITLE),
    job(2, LONG_TITLE),
    job(3, 'Engineer with a link that runs code'),
  ];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jobs, meta: { total: jobs.length } }));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    address: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((stopped) => {
      server.close(stopped);
      server.closeAllConnections();
    }),
  };
}
