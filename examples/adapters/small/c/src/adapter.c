// Example: companies whose jobs are at `jobs.example/COMPANY`. The board returns all jobs of a company at once.
//
// `web.c` contains the meaning of statuses and failures, and `main.c` the exports.
#include <stdlib.h>

#include "text.h"
#include "web.h"

// Converts an opening of the board to a job. wit/source.wit lists the other fields of a job. A field that is zero is
// unknown. Returns false, and the reason, if it cannot be read.
static bool read_job(const json *opening, raw_job *job, text *why) {
  maybe_text city, html;
  *job = (raw_job){0};
  if (!read_needed(opening, "id", &job->external_id, why) || !read_needed(opening, "title", &job->title, why) ||
      !read_needed(opening, "url", &job->url, why) || !read_text(opening, "published", &job->posted_at, why) ||
      !read_text(opening, "city", &city, why) || !read_text(opening, "text", &html, why)) {
    return false;
  }
  if (city.is_some) {
    job->locations.ptr = calloc(1, sizeof(location));
    job->locations.ptr[job->locations.len++].name = city.val;
  }
  if (html.is_some) {
    job->description.is_some = true;
    job->description.val.tag = JOB_SCANNER_SOURCE_TYPES_DESCRIPTION_HTML;
    job->description.val.val.html = html.val;
  }
  return true;
}

// Reads each opening. One that cannot be read becomes a warning, so that it does not hide the others. If none can be
// read, the board has changed.
static bool read_all(const json *openings, page *page, source_error *error) {
  size_t count = 0;
  for (const json *opening = openings->first; opening != NULL; opening = opening->next) count++;
  page->jobs.ptr = calloc(count, sizeof(raw_job));
  size_t index = 0;
  for (const json *opening = openings->first; opening != NULL; opening = opening->next, index++) {
    text why;
    if (read_job(opening, &page->jobs.ptr[page->jobs.len], &why)) page->jobs.len++;
    else warn(&page->warnings, JOIN(lit("openings["), number(index), lit("]."), why));
  }
  if (page->jobs.len == 0 && page->warnings.len > 0) return unexpected(error, page->warnings.ptr[0]);
  // Lets the host notice that a job could not be read: it closes no job because of that.
  page->total = (source_adapter_option_u32_t){true, count};
  page->coverage = JOB_SCANNER_SOURCE_TYPES_COVERAGE_COMPLETE;
  return true;
}

bool fetch_jobs(const fetch_request *asked, outcome *outcome, source_error *error) {
  text url = JOIN(lit("https://api.jobs.example/companies/"), encoded(asked->identifier), lit("/openings"));
  request request = get(url, true);
  requests one = {.requests = &request, .count = 1};
  const answer *answer = next_answer(&one);
  if (!answer->is_err && answer->val.ok.unchanged) {
    outcome->tag = JOB_SCANNER_SOURCE_TYPES_OUTCOME_NOT_MODIFIED;
    return true;
  }

  json *body;
  if (!read_json(answer, &body, error)) return false;
  const json *openings = json_field(body, "openings");
  if (openings == NULL || openings->kind != JSON_LIST) return unexpected(error, lit("openings: expected a list"));
  outcome->tag = JOB_SCANNER_SOURCE_TYPES_OUTCOME_PAGE;
  return read_all(openings, &outcome->val.page, error);
}
