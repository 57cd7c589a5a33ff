// One mistake per identifier, each of which the compiler of the component accepts. `javascript.txt` has the message that
// `src/contract.js` of the templates makes of each.

import { get, send } from './http.js';

const JOB = { externalId: '1', title: 'Cook', url: 'https://jobs.example/1', locations: [], extra: [] };

const page = (...jobs) => ({ tag: 'page', val: { jobs, coverage: 'complete', warnings: [] } });
const job = (fields) => page(JOB, { ...JOB, ...fields });
const thrown = (value) => {
  throw value;
};

const MISTAKES = {
  'title-missing': () => job({ title: undefined }),
  'title-misspelt': () => job({ titel: 'Cook' }),
  'id-is-a-number': () => job({ externalId: 7 }),
  'url-is-a-number': () => job({ url: 42 }),
  'date-is-a-date': () => job({ postedAt: new Date(0) }),
  'locations-are-null': () => job({ locations: null }),
  'location-is-a-string': () => job({ locations: ['Bern'] }),
  'description-has-no-tag': () => job({ description: { html: '<p>Cook</p>' } }),
  'description-is-a-string': () => job({ description: '<p>Cook</p>' }),
  'workplace-is-unknown': () => job({ workplace: 'office' }),
  'salary-is-a-string': () => job({ salary: { min: '40000' } }),
  'extra-is-an-object': () => job({ extra: { team: 'kitchen' } }),
  'extra-is-no-pair': () => job({ extra: [['team']] }),
  'half-a-character': () => job({ title: '\ud83c' }),
  'jobs-are-no-list': () => ({ tag: 'page', val: { ...page().val, jobs: { 1: JOB } } }),
  'page-without-tag': () => page(JOB).val,
  'tag-is-unknown': () => ({ ...page(JOB), tag: 'pages' }),
  'total-is-a-string': () => ({ tag: 'page', val: { ...page(JOB).val, total: '1' } }),
  'total-is-negative': () => ({ tag: 'page', val: { ...page(JOB).val, total: -1 } }),
  'next-is-a-number': () => ({ tag: 'page', val: { ...page(JOB).val, next: 2 } }),
  'coverage-is-unknown': () => ({ tag: 'page', val: { ...page(JOB).val, coverage: 'all' } }),
  'returns-nothing': () => {},
  'is-async': async () => page(JOB),
  'job-is-a-promise': () => page((async () => JOB)()),
  'throws-an-error': () => thrown(new Error('not yet')),
  'throws-a-string': () => thrown('not yet'),
  'throws-an-object': () => thrown({ code: 7 }),
  'throws-an-unknown-tag': () => thrown({ tag: 'not-there', val: 'acme' }),
  'throws-a-wrong-value': () => thrown({ tag: 'upstream', val: 500 }),
  'field-of-undefined': () => page({ ...JOB, title: JOB.names.full }),
  'uses-console': () => console.log('Cook'),
  'reads-the-clock': () => job({ postedAt: new Date().toISOString() }),
  'calls-date-now': () => job({ externalId: `${Date.now()}` }),
  'uses-performance': () => job({ externalId: `${performance.now()}` }),
  'request-is-a-string': () => send('https://api.jobs.example'),
  'request-has-no-method': () => send({ url: 'https://api.jobs.example' }),
  'request-body-is-a-string': () => send({ ...get('https://api.jobs.example', false), body: '{}' }),
  // Not mistakes.
  'converts-a-date': () => job({ externalId: '2', postedAt: new Date(Date.UTC(2026, 10, 2)).toISOString() }),
  'null-is-none': () => job({ externalId: '2', postedAt: null, description: null, salary: { min: null } }),
};

export function fetchJobs({ identifier }) {
  return MISTAKES[identifier]();
}
