// Example: companies whose jobs are at `jobs.example/COMPANY`. The board returns all jobs of a company at once.
//
// `http.js` contains the meaning of statuses and failures, and `contract.js` checks what is returned here.

import { readJobs } from './contract.js';
import { get, json, send } from './http.js';

/** Returns all jobs of a company. */
export function fetchJobs(request) {
  const company = encodeURIComponent(request.identifier);
  const response = send(get(`https://api.jobs.example/companies/${company}/openings`, true));
  if (response.unchanged) return { tag: 'not-modified' };

  const openings = json(response).openings;
  const { jobs, warnings } = readJobs(openings, readJob);
  // The total lets the host notice that a job could not be read: it closes no job because of that.
  return { tag: 'page', val: { jobs, total: openings.length, coverage: 'complete', warnings } };
}

/**
 * Converts an opening of the board to a job. `raw-job` in wit/source.wit has the other fields, whose names are in camel
 * case here: `salary: { min: 40000, max: 50000, currency: 'EUR', period: 'year' }`. A field that is null or undefined
 * is unknown.
 */
function readJob(opening) {
  return {
    externalId: opening.id,
    title: opening.title,
    url: opening.url,
    locations: opening.city ? [{ name: opening.city }] : [],
    description: opening.text ? { tag: 'html', val: opening.text } : undefined,
    postedAt: opening.published,
    extra: [],
  };
}
