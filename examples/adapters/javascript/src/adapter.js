// Example: companies whose jobs are at `jobs.example/COMPANY`.
//
// The board lists jobs in pages and returns the rest of each job in a separate response. This file contains the scan.
// `board.js` contains the board's URLs and responses, `http.js` the meaning of statuses and failures, and `contract.js`
// checks what is returned here.

import { log } from 'job-scanner:source/log@0.1.0';

import { addDetails, detailsRequest, listingRequest, readListing } from './board.js';
import { unexpected } from './contract.js';
import { json, send, sendAll, successful } from './http.js';

/** Returns a page of the source's jobs. WIT's `none` is passed as null. */
export function fetchJobs(request) {
  const source = { company: request.identifier, ...JSON.parse(request.options) };
  // The number of pages that the last complete scan read.
  const known = Number(request.state ?? 0);
  if (request.cursor == null && known > 0 && isUnchanged(source, known)) return { tag: 'not-modified' };

  const page = Number(request.cursor ?? 1);
  // The host has nothing stored for a page beyond the known ones: it returns the body, and stores its validators
  // for the next scan.
  const answer = send(listingRequest(source, page, page > known));
  const { jobs: listed, warnings, next, total } = readListing(json(answer));
  log('debug', `page ${page} has ${listed.length} of ${total} jobs`);
  const jobs = withDetails(source, listed.slice(0, request.maxJobs ?? listed.length), warnings);
  // One malformed job does not hide the others. If all of them are malformed, the board changed.
  if (jobs.length === 0 && warnings.length > 0) throw unexpected(warnings[0]);
  return {
    tag: 'page',
    val: { jobs, next: next?.toString(), state: page.toString(), total, coverage: 'complete', warnings },
  };
}

/**
 * Returns true if no page of the listing has changed. A job that changes gets a different `changed` in the listing, so
 * there is nothing more to request.
 */
function isUnchanged(source, pages) {
  const requests = Array.from({ length: pages }, (_, index) => listingRequest(source, index + 1, true));
  for (const answer of sendAll(requests)) {
    if (answer.tag === 'err' || !answer.val.unchanged) return false;
  }
  return true;
}

/** Returns the jobs with their details, requested concurrently. A job that cannot be read becomes a warning. */
function withDetails(source, listed, warnings) {
  const answers = sendAll(listed.map((job) => detailsRequest(source, job.externalId)));
  return listed.filter((job) => {
    const answer = answers.next().value;
    try {
      addDetails(job, json(successful(answer)));
    } catch (error) {
      // Not every job has details. This one has only the fields of the listing.
      if (error.tag === 'not-found') return true;
      if (error.tag !== 'unexpected-response') throw error;
      warnings.push(`job ${job.externalId}: ${error.val}`);
      return false;
    }
    return true;
  });
}
