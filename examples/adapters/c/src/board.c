#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "web.h"

static const char *BOARD = "https://api.jobs.example";

source source_of(text company, text options) {
  json *given = json_parse(options);
  const json *base_url = json_field(given, "base_url"), *department = json_field(given, "department");
  text base = base_url == NULL ? lit(BOARD) : base_url->words;
  while (base.len > 0 && base.ptr[base.len - 1] == '/') base.len--;
  source source = {.url = JOIN(base, lit("/companies/"), encoded(company))};
  if (department != NULL) source.department = (maybe_text){true, department->words};
  return source;
}

request listing_request(const source *source, uint32_t page, bool conditional) {
  text url = JOIN(source->url, lit("/jobs?page="), number(page));
  if (source->department.is_some) url = JOIN(url, lit("&department="), encoded(source->department.val));
  return get(url, conditional);
}

request details_request(const source *source, text id) {
  return get(JOIN(source->url, lit("/jobs/"), encoded(id)), false);
}

// Reads a job of the listing. Fields that the board does not give stay none.
static bool listed_job(const json *entry, raw_job *job, text *why) {
  *job = (raw_job){0};
  if (!read_text(entry, "changed", &job->updated_at, why) || !read_needed(entry, "id", &job->external_id, why) ||
      !read_needed(entry, "title", &job->title, why) || !read_needed(entry, "url", &job->url, why)) {
    return false;
  }
  // This board sets it exactly when the job changes.
  job->revision = job->updated_at;
  return true;
}

static bool is_count(const json *value, uint32_t *count) {
  return value != NULL && value->kind == JSON_NUMBER && parse_number(value->words, count);
}

bool read_listing(const json *answer, listing *listing, source_error *error) {
  const json *entries = json_field(answer, "jobs"), *next = json_field(answer, "next");
  memset(listing, 0, sizeof *listing);
  if (entries == NULL || entries->kind != JSON_LIST) return unexpected(error, lit("jobs: expected a list"));
  if (!is_count(json_field(answer, "total"), &listing->total)) return unexpected(error, lit("total: expected a number"));
  listing->next.is_some = next != NULL && next->kind != JSON_NULL;
  if (listing->next.is_some && !is_count(next, &listing->next.val)) {
    return unexpected(error, lit("next: expected a number or null"));
  }
  size_t index = 0, room = 0;
  for (const json *entry = entries->first; entry != NULL; entry = entry->next, index++) {
    text why;
    if (listing->jobs.len == room) {
      room = 2 * room + 16;
      listing->jobs.ptr = realloc(listing->jobs.ptr, room * sizeof(raw_job));
    }
    if (listed_job(entry, &listing->jobs.ptr[listing->jobs.len], &why)) listing->jobs.len++;
    else warn(&listing->warnings, JOIN(lit("jobs["), number(index), lit("]."), why));
  }
  return true;
}

bool add_details(raw_job *job, const json *details, source_error *error) {
  maybe_text department, place, workplace, html, published;
  text why;
  if (!read_text(details, "department", &department, &why) || !read_text(details, "location", &place, &why) ||
      !read_text(details, "workplace", &workplace, &why) || !read_text(details, "description", &html, &why) ||
      !read_text(details, "published", &published, &why)) {
    return unexpected(error, why);
  }
  job->department = department;
  job->posted_at = published;
  if (place.is_some) {
    job->locations.ptr = calloc(1, sizeof(location));
    job->locations.ptr[job->locations.len++].name = place.val;
  }
  static const char *words[] = {"on-site", "hybrid", "remote"};
  for (uint8_t at = 0; workplace.is_some && at < 3; at++) {
    if (equals(workplace.val, words[at])) job->workplace.is_some = true, job->workplace.val = at;
  }
  if (html.is_some) {
    job->description.is_some = true;
    job->description.val.tag = JOB_SCANNER_SOURCE_TYPES_DESCRIPTION_HTML;
    job->description.val.val.html = html.val;
  }
  return true;
}
