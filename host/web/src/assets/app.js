// The only script of the pages. Each page works without it: it adds keys, and changes without a reload.

const status = document.querySelector('[data-status]');
const help = document.querySelector('[data-help-dialog]');
const SHORTCUTS = 'job-scanner-shortcuts';

/** Tells the person what happened. A quiet message is only for screen readers, since the page shows it already. */
function say(text, { quiet = false } = {}) {
  status.textContent = text;
  status.classList.toggle('sr', quiet);
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { status.textContent = ''; }, 6000);
}

// A browser may refuse to store anything.
function stored(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function store(name, value) {
  try { localStorage.setItem(name, value); } catch { /* The setting then lasts as long as the page. */ }
}

// The list of jobs.

let last = null; // the card that had the focus last

const cards = () => [...document.querySelectorAll('[data-card]')];

function currentCard() {
  const focused = document.activeElement?.closest('[data-card]');
  return focused ?? (last?.isConnected ? last : null);
}

function focusCard(card) {
  if (!card) return;
  last = card;
  const link = card.querySelector('[data-job]');
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest' });
}

function move(step) {
  const all = cards();
  const at = all.indexOf(currentCard());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  focusCard(all[Math.min(Math.max(next, 0), all.length - 1)]);
}

/** Clicks the first element that matches, in the current card, or else on a page about one job. */
function press(selector) {
  const area = currentCard() ?? (cards().length ? null : document);
  const target = area?.querySelector(selector);
  target?.click();
  return Boolean(target);
}

function undo() {
  const target = currentCard()?.querySelector('[data-key="u"]') ?? document.querySelector('[data-key="u"]');
  target?.click();
}

// Changes without a reload. The server returns the card as it is after the change.

let byKey = false; // true while a key presses a button

document.addEventListener('submit', (event) => {
  const form = event.target;
  const card = event.submitter?.closest('[data-card]');
  if (!card || !form.matches('[data-fetch]')) return;

  event.preventDefault();
  const moveOn = byKey && event.submitter.dataset.key !== 'u';
  change(form, event.submitter, card, moveOn);
});

async function change(form, button, card, moveOn) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const response = await fetch(form.action, { method: 'POST', body, headers: { 'X-Card': '1' } });
    if (response.status === 401 || response.redirected) return location.reload();
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    replace(card, await response.text(), moveOn);
  } catch (error) {
    button.removeAttribute('aria-disabled');
    say(`Not stored: ${error.message}. Try again.`);
  }
}

function replace(card, html, moveOn) {
  const template = document.createElement('template');
  template.innerHTML = html;
  const fresh = template.content.querySelector('[data-card]');
  const all = cards();
  const next = all[all.indexOf(card) + 1];
  card.replaceWith(fresh);
  say((fresh.querySelector('p') ?? fresh).textContent.replace(/\s+/g, ' ').trim(), { quiet: true });
  last = fresh;
  if (moveOn && next) focusCard(next);
  else (fresh.querySelector('[data-key="u"]') ?? fresh.querySelector('[data-job]')).focus();
}

// On a narrow screen the tabs scroll, and the current one may be out of sight. `scrollIntoView` would also move the
// place from which Tab goes on.
const tabs = document.querySelector('.tabs');
const tab = tabs?.querySelector('[aria-current]');
if (tab) tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;

// Keys.

let goPending = 0; // until when the second key after `g` counts

const PLACES = { m: '/matches', s: '/sources', p: '/profiles', d: '/deliveries' };

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => press('[data-job]'),
  v: () => press('[data-view]'),
  s: () => press('[data-key="s"]'),
  a: () => press('[data-key="a"]'),
  x: () => press('[data-key="x"]'),
  u: undo,
  '/': () => document.querySelector('[data-search]')?.focus(),
  '?': () => help.showModal(),
  g: () => { goPending = Date.now() + 1500; },
};

function isTyping(element) {
  return element?.closest('input:not([type="checkbox"]), select, textarea, [contenteditable]');
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (stored(SHORTCUTS) === 'off' || isTyping(event.target) || help.open) return;

  const place = Date.now() < goPending && PLACES[event.key];
  goPending = 0;
  if (place) {
    location.assign(place);
  } else if (Object.hasOwn(KEYS, event.key)) {
    byKey = true;
    KEYS[event.key]();
    byKey = false;
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener('focusin', (event) => {
  last = event.target.closest('[data-card]') ?? last;
});

// Help.

const helpButton = document.querySelector('[data-help]');
helpButton.hidden = false;
helpButton.addEventListener('click', () => help.showModal());

const shortcuts = document.querySelector('[data-shortcuts]');
shortcuts.checked = stored(SHORTCUTS) !== 'off';
shortcuts.addEventListener('change', () => store(SHORTCUTS, shortcuts.checked ? 'on' : 'off'));
