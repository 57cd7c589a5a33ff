// The board's URLs, and its answers as raw jobs. Fields that are not used are not named; new ones may appear.

import { unexpected } from './http.js';

const BOARD = 'https://api.jobs.example';

/** A page of the listing, counted from 1. */
export function listingRequest(source, page, conditional) {
  const department = source.department === undefined ? '' : `&department=${encodeURIComponent(source.department)}`;
  return get(`${companyUrl(source)}/jobs?page=${page}${department}`, conditional);
}

/** What the board tells of one job. */
export function detailsRequest(source, id) {
  return get(`${companyUrl(source)}/jobs/${encodeURIComponent(id)}`, false);
}

function companyUrl(source) {
  return `${(source.base_url ?? BOARD).replace(/\/+$/, '')}/companies/${encodeURIComponent(source.company)}`;
}

function get(url, conditional) {
  const headers = [{ name: 'Accept', value: 'application/json' }];
  return { method: 'GET', url, headers, body: undefined, conditional, repeatable: true, redirects: 'follow' };
}

/** The jobs of a listing's page, the number of the next one, how many jobs there are in all, and what is odd. */
export function readListing(answer) {
  if (!Array.isArray(answer?.jobs)) throw unexpected('jobs: expected a list');
  if (!isCount(answer.total)) throw unexpected('total: expected a number');
  if (answer.next != null && !isCount(answer.next)) throw unexpected('next: expected a number or null');
  const jobs = [];
  const warnings = [];
  answer.jobs.forEach((entry, index) => {
    try {
      jobs.push(listedJob(entry));
    } catch (error) {
      if (error.tag !== 'unexpected-response') throw error;
      warnings.push(`jobs[${index}].${error.val}`);
    }
  });
  return { jobs, warnings, next: answer.next, total: answer.total };
}

/** A job as the listing has it. What the board does not say stays undefined, which is WIT's `none`. */
function listedJob(entry) {
  const changed = text(entry, 'changed');
  return {
    externalId: needed(entry, 'id'),
    title: needed(entry, 'title'),
    url: needed(entry, 'url'),
    locations: [],
    updatedAt: changed,
    // This board sets it when the job changes, and only then.
    revision: changed,
    extra: [],
  };
}

/** Adds to a job what the board tells of it. */
export function addDetails(job, details) {
  const location = text(details, 'location');
  const workplace = text(details, 'workplace');
  const html = text(details, 'description');
  job.department = text(details, 'department');
  if (location !== undefined) job.locations.push({ name: location });
  if (['on-site', 'hybrid', 'remote'].includes(workplace)) job.workplace = workplace;
  if (html !== undefined) job.description = { tag: 'html', val: html };
  job.postedAt = text(details, 'published');
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

/** A field with text in it; undefined where it is missing, null or blank. */
function text(object, key) {
  const value = object?.[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw unexpected(`${key}: expected text`);
  return value.trim() === '' ? undefined : value;
}

function needed(object, key) {
  const value = text(object, key);
  if (value === undefined) throw unexpected(`${key}: expected text`);
  return value;
}
