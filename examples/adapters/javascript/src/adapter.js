// Example: companies whose jobs are at `jobs.example/COMPANY`.
//
// The board lists jobs in pages and tells the rest of each only when asked for that job. Here is what a scan does;
// `board.js` knows the board's URLs and answers, `http.js` what statuses and failures mean.

import { log } from 'job-scanner:source/log@0.1.0';

import { addDetails, detailsRequest, listingRequest, readListing } from './board.js';
import { body, json, send, sendAll, unexpected } from './http.js';
import manifest from './manifest.js';

// WIT's `none` arrives as null.
export const adapter = {
  describe: () => JSON.stringify(manifest),

  fetchJobs(request) {
    const source = { company: request.identifier, ...JSON.parse(request.options) };
    // How many pages the last complete scan read.
    const known = Number(request.state ?? 0);
    if (request.cursor == null && known > 0 && isUnchanged(source, known)) return { tag: 'not-modified' };

    const page = Number(request.cursor ?? 1);
    // Nothing was remembered of a page beyond the known ones: its body comes, and the host learns to recognize it.
    const answer = send(listingRequest(source, page, page > known));
    const { jobs: listed, warnings, next, total } = readListing(json(answer));
    log('debug', `page ${page} has ${listed.length} of ${total} jobs`);
    const jobs = withDetails(source, listed.slice(0, request.maxJobs ?? listed.length), warnings);
    // One odd job does not hide the others. Nothing but odd ones: the board changed.
    if (jobs.length === 0 && warnings.length > 0) throw unexpected(warnings[0]);
    return {
      tag: 'page',
      val: { jobs, next: next?.toString(), state: page.toString(), total, coverage: 'complete', warnings },
    };
  },
};

/**
 * Whether all pages of the listing are as they were. A job that changes has another `changed` there, so nothing needs to
 * be asked for then.
 */
function isUnchanged(source, pages) {
  const requests = Array.from({ length: pages }, (_, index) => listingRequest(source, index + 1, true));
  for (const answer of sendAll(requests)) {
    if (answer.tag === 'err' || !answer.val.unchanged) return false;
  }
  return true;
}

/** The jobs with what the board tells of each, asked for side by side. A job that cannot be read becomes a warning. */
function withDetails(source, listed, warnings) {
  const answers = sendAll(listed.map((job) => detailsRequest(source, job.externalId)));
  return listed.filter((job) => {
    const answer = answers.next().value;
    try {
      addDetails(job, json(body(answer)));
    } catch (error) {
      // Not every job has details; what the listing says of this one is all there is.
      if (error.tag === 'not-found') return true;
      if (error.tag !== 'unexpected-response') throw error;
      warnings.push(`job ${job.externalId}: ${error.val}`);
      return false;
    }
    return true;
  });
}
