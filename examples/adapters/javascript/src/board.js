// The board's URLs, and the conversion of its responses to raw jobs. Unused fields are not mentioned, and the board may
// add new ones.

import { readJobs, unexpected } from './contract.js';
import { get } from './http.js';

const BOARD = 'https://api.jobs.example';

/** Returns the request for a page of the listing, counted from 1. */
export function listingRequest(source, page, conditional) {
  const department = source.department === undefined ? '' : `&department=${encodeURIComponent(source.department)}`;
  return get(`${companyUrl(source)}/jobs?page=${page}${department}`, conditional);
}

/** Returns the request for the details of one job. */
export function detailsRequest(source, id) {
  return get(`${companyUrl(source)}/jobs/${encodeURIComponent(id)}`, false);
}

function companyUrl(source) {
  return `${(source.base_url ?? BOARD).replace(/\/+$/, '')}/companies/${encodeURIComponent(source.company)}`;
}

/** Reads a page of the listing: its jobs and warnings, the number of the next page, and the number of all jobs. */
export function readListing(answer) {
  if (!isCount(answer?.total)) throw unexpected('total: expected a number');
  if (answer.next != null && !isCount(answer.next)) throw unexpected('next: expected a number or null');
  const { jobs, warnings } = readJobs(answer.jobs, listedJob);
  return { jobs, warnings, next: answer.next, total: answer.total };
}

/** Reads a job of the listing. Fields that the board does not give stay undefined, which is WIT's `none`. */
function listedJob(entry) {
  const changed = text(entry, 'changed');
  return {
    externalId: needed(entry, 'id'),
    title: needed(entry, 'title'),
    url: needed(entry, 'url'),
    locations: [],
    updatedAt: changed,
    // This board sets it exactly when the job changes.
    revision: changed,
    extra: [],
  };
}

/** Adds the details to a job. */
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

/** Reads a text field: undefined if it is missing, null or blank. */
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
