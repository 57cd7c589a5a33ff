// Checks everything that the adapter returns. The contract's types are strict and JavaScript's are not: without this
// file, a missing title would end the scan with a crash that names neither the field nor the line.
//
// A shape is a function that returns nothing for a valid value, and otherwise the mistake, such as `.title: missing`.
// The shapes at the end are the types of wit/source.wit, with JavaScript's names.

// The language's clock is a WASI import that is not there: reading it would end the scan with a crash, too.
const noClock = () => {
  throw new Error('an adapter has no clock; `request.now` is the time');
};
delete globalThis.performance;
globalThis.Date = new Proxy(Date, {
  apply: noClock,
  construct: (date, given, type) => (given.length === 0 ? noClock() : Reflect.construct(date, given, type)),
  get: (date, name) => (name === 'now' ? noClock : Reflect.get(date, name)),
});

export function unexpected(words) {
  return { tag: 'unexpected-response', val: words };
}

/**
 * Returns the function `name` of the adapter, with checks: everything that it throws becomes an error of the contract,
 * and so does a result of another shape.
 */
export function guarded(own, name, shape) {
  if (typeof own[name] !== 'function') throw new Error(`src/adapter.js does not export a function \`${name}\``);
  return (...given) => {
    let result;
    try {
      result = own[name](...given);
    } catch (error) {
      throw sourceError(error, name);
    }
    const mistake = shape(result);
    if (mistake) throw unexpected(mistake.startsWith('.') ? mistake.slice(1) : `the result of ${name}${mistake}`);
    return result;
  };
}

/** Throws an error unless the host can send these requests. */
export function checkRequests(requests) {
  const mistake = REQUESTS(requests);
  if (mistake) throw new TypeError(`requests${mistake}`);
}

/**
 * Reads each entry of a listing with the function `read`, which returns a raw job. An entry that cannot be read becomes
 * a warning, so that it does not hide the others. If none can be read, the board has changed.
 */
export function readJobs(entries, read) {
  if (!Array.isArray(entries)) throw unexpected(`the listing${not('a list', entries)}`);
  const jobs = [];
  const warnings = [];
  entries.forEach((entry, index) => {
    try {
      const job = read(entry);
      const mistake = RAW_JOB(job);
      if (mistake) throw unexpected(mistake);
      jobs.push(job);
    } catch (thrown) {
      const error = sourceError(thrown, 'reading it');
      if (error.tag !== 'unexpected-response') throw error;
      warnings.push(`jobs[${index}]${/^[.:]/.test(error.val) ? '' : ': '}${error.val}`);
    }
  });
  if (jobs.length === 0 && warnings.length > 0) throw unexpected(warnings[0]);
  return { jobs, warnings };
}

/** Returns the contract's error for anything that was thrown. */
function sourceError(thrown, name) {
  if (thrown instanceof Error) return unexpected(`${name} threw ${thrown}${origin(thrown)}`);
  const mistake = SOURCE_ERROR(thrown);
  if (!mistake) return thrown;
  if (typeof thrown === 'string') return unexpected(`${name} threw ${JSON.stringify(thrown)}`);
  return unexpected(`${name} threw neither an Error nor a source-error: the value${mistake}`);
}

/** Returns the lines of the adapter that an error comes from, the innermost first. */
function origin({ stack = '' }) {
  const calls = [...stack.matchAll(/at (.+) \(\/?(src\/[^:)]+:\d+)/g)];
  const own = calls.filter(([, , line]) => !/^src\/(contract|main)\.js:/.test(line));
  return own.slice(0, 3).map(([, place, line]) => `, at ${place} (${line})`).join('');
}

function kind(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value.then === 'function') return 'a promise (fetchJobs must be synchronous: no `async`, no `await`)';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function not(expected, value) {
  return `: is ${kind(value)}, not ${expected}`;
}

function text(value) {
  if (typeof value !== 'string') return not('a string', value);
  // Such a text has no UTF-8.
  if (!value.isWellFormed()) return ': contains half of a character; `toWellFormed()` replaces it';
}

function amount(value) {
  if (typeof value !== 'number') return not('a number', value);
}

function count(value) {
  if (typeof value !== 'number') return not('a number', value);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) return `: is ${value}, not a number of 32 bits`;
}

function yesOrNo(value) {
  if (typeof value !== 'boolean') return not('a boolean', value);
}

function bytes(value) {
  if (!(value instanceof Uint8Array)) return not('a Uint8Array', value);
}

function list(item) {
  return (value) => {
    if (!Array.isArray(value)) return not('a list', value);
    for (let index = 0; index < value.length; index++) {
      const mistake = item(value[index]);
      if (mistake) return `[${index}]${mistake}`;
    }
  };
}

function pair(first, second) {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return not('a list of two values', value);
    const mistakes = [first(value[0]), second(value[1])];
    const index = mistakes.findIndex(Boolean);
    if (index >= 0) return `[${index}]${mistakes[index]}`;
  };
}

function optional(shape) {
  return (value) => (value === undefined || value === null ? undefined : shape(value));
}

function word(...words) {
  return (value) => (words.includes(value) ? undefined : `: is ${known(value)}, not ${words.join(' or ')}`);
}

function record(fields) {
  const shapes = Object.entries(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return not('an object', value);
    if (typeof value.then === 'function') return not('an object', value);
    const extra = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (extra !== undefined) return `.${extra}: unknown field; the fields are ${Object.keys(fields).join(', ')}`;
    for (const [name, shape] of shapes) {
      const mistake = shape(value[name]);
      if (mistake) return `.${name}${value[name] === undefined ? ': missing' : mistake}`;
    }
  };
}

/** A value `{ tag, val }`. A case without a value has no shape. */
function variant(cases) {
  return (value) => {
    const tags = Object.keys(cases).map((tag) => `'${tag}'`).join(' or ');
    if (typeof value?.then === 'function' || typeof value?.tag !== 'string') {
      return `: is ${kind(value)}, not { tag, val } with the tag ${tags}`;
    }
    if (!Object.hasOwn(cases, value.tag)) return `.tag: is ${known(value.tag)}, not ${tags}`;
    return cases[value.tag]?.(value.val);
  };
}

function known(value) {
  return typeof value === 'string' ? JSON.stringify(value) : kind(value);
}

const LOCATION = record({ name: text, city: optional(text), region: optional(text), country: optional(text) });

const SALARY = record({
  min: optional(amount),
  max: optional(amount),
  currency: optional(text),
  period: optional(word('hour', 'day', 'week', 'month', 'year')),
  text: optional(text),
});

const RAW_JOB = record({
  externalId: text,
  title: text,
  url: text,
  applyUrl: optional(text),
  company: optional(text),
  department: optional(text),
  locations: list(LOCATION),
  workplace: optional(word('on-site', 'hybrid', 'remote')),
  employmentType: optional(text),
  salary: optional(SALARY),
  description: optional(variant({ html: text, text, deferred: text })),
  language: optional(text),
  postedAt: optional(text),
  updatedAt: optional(text),
  expiresAt: optional(text),
  revision: optional(text),
  extra: list(pair(text, text)),
});

const PAGE = record({
  jobs: list(RAW_JOB),
  next: optional(text),
  state: optional(text),
  total: optional(count),
  coverage: word('complete', 'window'),
  warnings: list(text),
});

const SOURCE_ERROR = variant({
  'not-found': text,
  unauthorized: text,
  'invalid-options': text,
  'rate-limited': optional(count),
  blocked: text,
  upstream: pair(count, text),
  network: text,
  'unexpected-response': text,
  other: pair(text, text),
});

const REQUESTS = list(
  record({
    method: text,
    url: text,
    headers: list(record({ name: text, value: text })),
    body: optional(bytes),
    conditional: yesOrNo,
    repeatable: yesOrNo,
    redirects: word('follow', 'manual'),
  }),
);

/** The result of `fetchJobs`. */
export const OUTCOME = variant({ page: PAGE, 'not-modified': undefined });

/** The result of `fetchDetails`. */
export const DETAILS = list(pair(text, variant({ found: RAW_JOB, gone: undefined, failed: SOURCE_ERROR })));
