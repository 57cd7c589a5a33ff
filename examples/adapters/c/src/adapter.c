// Example: companies whose jobs are at `jobs.example/COMPANY`.
//
// The board lists jobs in pages and returns the rest of each job in a separate response. This file contains the scan.
// `board.c` contains the board's URLs and responses, `web.c` the meaning of statuses and failures, and `main.c` the
// exports.
#include <stdlib.h>

#include "board.h"
#include "text.h"
#include "web.h"

// Returns true if no page of the listing has changed. A job that changes gets a different `changed` in the listing, so
// there is nothing more to request.
static bool is_unchanged(const source *source, uint32_t pages) {
  requests all = {.requests = calloc(pages, sizeof(request)), .count = pages};
  for (uint32_t page = 1; page <= pages; page++) all.requests[page - 1] = listing_request(source, page, true);
  for (uint32_t page = 1; page <= pages; page++) {
    const answer *answer = next_answer(&all);
    if (answer->is_err || !answer->val.ok.unchanged) return false;
  }
  return true;
}

// Adds the details of each job, requested concurrently. A job that cannot be read becomes a warning.
static bool with_details(const source *source, listing *listing, source_error *error) {
  size_t count = listing->jobs.len;
  raw_job *jobs = listing->jobs.ptr;
  requests all = {.requests = calloc(count, sizeof(request)), .count = count};
  for (size_t at = 0; at < count; at++) all.requests[at] = details_request(source, jobs[at].external_id);
  listing->jobs.len = 0;
  for (size_t at = 0; at < count; at++) {
    json *details;
    bool is_read = read_json(next_answer(&all), &details, error) && add_details(&jobs[at], details, error);
    // Not every job has details. This one has only the fields of the listing.
    if (is_read || error->tag == JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_NOT_FOUND) {
      jobs[listing->jobs.len++] = jobs[at];
    } else if (error->tag == JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_UNEXPECTED_RESPONSE) {
      text words = error->val.unexpected_response;
      warn(&listing->warnings, JOIN(lit("job "), jobs[at].external_id, lit(": "), words));
    } else {
      return false;
    }
  }
  return true;
}

bool fetch_jobs(const fetch_request *asked, outcome *outcome, source_error *error) {
  source source = source_of(asked->identifier, asked->options);
  // The number of pages that the last complete scan read.
  uint32_t known = 0, page = 1;
  if (asked->state.is_some && !parse_number(asked->state.val, &known)) known = 0;
  if (!asked->cursor.is_some && known > 0 && is_unchanged(&source, known)) {
    outcome->tag = JOB_SCANNER_SOURCE_TYPES_OUTCOME_NOT_MODIFIED;
    return true;
  }

  if (asked->cursor.is_some && !parse_number(asked->cursor.val, &page)) page = 1;
  // The host has nothing stored for a page beyond the known ones: it returns the body, and stores its validators for
  // the next scan.
  request request = listing_request(&source, page, page > known);
  requests one = {.requests = &request, .count = 1};
  json *body;
  listing listing;
  if (!read_json(next_answer(&one), &body, error) || !read_listing(body, &listing, error)) return false;
  text jobs = JOIN(number(listing.jobs.len), lit(" of "), number(listing.total), lit(" jobs"));
  text line = JOIN(lit("page "), number(page), lit(" has "), jobs);
  job_scanner_source_log_log(JOB_SCANNER_SOURCE_LOG_LEVEL_DEBUG, &line);
  if (asked->max_jobs.is_some && listing.jobs.len > asked->max_jobs.val) listing.jobs.len = asked->max_jobs.val;
  if (!with_details(&source, &listing, error)) return false;
  // One malformed job does not hide the others. If all of them are malformed, the board changed.
  if (listing.jobs.len == 0 && listing.warnings.len > 0) return unexpected(error, listing.warnings.ptr[0]);

  outcome->tag = JOB_SCANNER_SOURCE_TYPES_OUTCOME_PAGE;
  outcome->val.page = (job_scanner_source_types_page_t){
    .jobs = listing.jobs,
    .next = {listing.next.is_some, number(listing.next.val)},
    .state = {true, number(page)},
    .total = {true, listing.total},
    .coverage = JOB_SCANNER_SOURCE_TYPES_COVERAGE_COMPLETE,
    .warnings = listing.warnings,
  };
  return true;
}
