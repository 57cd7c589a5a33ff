
// Live parts. Elements with `data-live` are replaced by their newest version from the server.

/** Replaces the live parts of this page by those of the page at `address`. */
async function refresh(address, signal) {
  const response = await fetch(address, { signal });
  if (response.redirected || !response.ok) throw new Error(`the server answered ${response.status}`);
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    // A part that the person is using stays as it is until the next change.
    if (!next || part.contains(document.activeElement)) continue;
    part.replaceWith(next);
    showCopyButtons(next);
  }
}

// The progress of a run.

let refreshing = null; // the refresh in progress
let again = false; // true if the state has changed since it began

function refreshSoon() {
  again = true;
  refreshing ??= (async () => {
    while (again) {
      again = false;
      try { await refresh(location.href); } catch { /* The next event tries again. */ }
      await new Promise((done) => { setTimeout(done, 1000); });
    }
    refreshing = null;
  })();
}

if (document.querySelector('[data-progress]')) {
  let known = null;
  let events = null;

  const show = ({ data }) => {
    const progress = JSON.parse(data);
    const text = document.querySelector('[data-progress-text]');
    if (text) text.textContent = progress.text;
    const bar = document.querySelector('[data-progress] progress');
    if (bar) bar.value = progress.scanned;

    const was = known;
    known = progress;
    if (was?.is_running && !progress.is_running) say('The run has finished.');
    // The first event is what the page shows already, unless a run has begun or ended meanwhile.
    if (was || progress.is_running !== Boolean(bar)) refreshSoon();
  };

  // A browser opens only a few connections to one server, so a page in the background has none.
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource('/events');
    events.addEventListener('progress', show);
  };
  document.addEventListener('visibilitychange', listen);
  listen();
}

// Forms whose result is shown while the person types.

for (const form of document.querySelectorAll('[data-live-form]')) {
  const result = () => document.getElementById(form.dataset.liveForm);
  let pending;
  let timer;

  const update = async () => {
    pending?.abort();
    pending = new AbortController();
    const address = `${form.getAttribute('action')}?${new URLSearchParams(new FormData(form))}`;
    result().setAttribute('aria-busy', 'true');
    try {
      await refresh(address, pending.signal);
      history.replaceState(null, '', address);
    } catch (error) {
      if (error.name === 'AbortError') return;
      say(`Not tried: ${error.message}. Try again.`);
    }
    result().removeAttribute('aria-busy');
  };

  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(update, 350);
  });
}

// Texts to copy.

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
    say('Copied.');
  } catch {
    say('The browser refused to copy; select the text instead.');
  }
});

function showCopyButtons(part) {
  for (const button of part.querySelectorAll('[data-copy]')) button.hidden = false;
}

showCopyButtons(document);
