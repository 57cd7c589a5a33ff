// The exports of the contract, and checks of what they return. C lets values escape that the contract does not have: the
// scan would end with an error of the host that names neither the job nor the field.
#include "contract.h"
#include "text.h"
#include "web.h"

// A tag that no case has, to notice a function that does not set one.
enum { UNSET = 0xFF };

static const char MANIFEST[] = {
#embed "manifest.json"
  , 0
};

// The bindings refer to an object file with the contract's types. build.sh embeds wit/source.wit instead.
void __component_type_object_force_link_source_adapter(void) {}

void exports_job_scanner_source_adapter_describe(text *manifest) { *manifest = lit(MANIFEST); }

// Returns true for UTF-8 within the memory.
static bool is_valid(text words) {
  size_t size = __builtin_wasm_memory_size(0) * 65536;
  return words.len <= size && (size_t)words.ptr <= size - words.len && is_utf8(words);
}

static text invalid(const char *field) { return JOIN(lit("."), lit(field), lit(": is not a text in UTF-8")); }

static text out_of_range(const char *field, uint8_t value) {
  return JOIN(lit("."), lit(field), lit(": has no case "), number(value));
}

// Returns the first mistake in the texts of a job, or an empty text.
static text wrong_text(const raw_job *job) {
  const struct {
    const char *name;
    maybe_text value;
  } fields[] = {
    {"external_id", {true, job->external_id}}, {"title", {true, job->title}}, {"url", {true, job->url}},
    {"apply_url", job->apply_url}, {"company", job->company}, {"department", job->department},
    {"employment_type", job->employment_type}, {"language", job->language}, {"posted_at", job->posted_at},
    {"updated_at", job->updated_at}, {"expires_at", job->expires_at}, {"revision", job->revision},
    {"description", {job->description.is_some, job->description.val.val.html}},
  };
  for (size_t at = 0; at < sizeof fields / sizeof *fields; at++) {
    if (fields[at].value.is_some && !is_valid(fields[at].value.val)) return invalid(fields[at].name);
  }
  for (size_t at = 0; at < job->locations.len; at++) {
    if (!is_valid(job->locations.ptr[at].name)) return invalid("locations.name");
  }
  return (text){0};
}

static text wrong_job(const raw_job *job) {
  if (job->workplace.is_some && job->workplace.val > JOB_SCANNER_SOURCE_TYPES_WORKPLACE_REMOTE) {
    return out_of_range("workplace", job->workplace.val);
  }
  if (job->description.is_some && job->description.val.tag > JOB_SCANNER_SOURCE_TYPES_DESCRIPTION_DEFERRED) {
    return out_of_range("description", job->description.val.tag);
  }
  if (job->salary.is_some && job->salary.val.period.is_some &&
      job->salary.val.period.val > JOB_SCANNER_SOURCE_TYPES_PAY_PERIOD_YEAR) {
    return out_of_range("salary.period", job->salary.val.period.val);
  }
  return wrong_text(job);
}

static bool check_page(const page *page, source_error *error) {
  if (page->coverage > JOB_SCANNER_SOURCE_TYPES_COVERAGE_WINDOW) {
    return unexpected(error, JOIN(lit("page"), out_of_range("coverage", page->coverage)));
  }
  for (size_t at = 0; at < page->jobs.len; at++) {
    text mistake = wrong_job(&page->jobs.ptr[at]);
    if (mistake.len > 0) return unexpected(error, JOIN(lit("jobs["), number(at), lit("]"), mistake));
  }
  return true;
}

bool exports_job_scanner_source_adapter_fetch_jobs(fetch_request *asked, outcome *outcome, source_error *error) {
  *outcome = (typeof(*outcome)){.tag = UNSET};
  *error = (source_error){.tag = UNSET};
  if (!fetch_jobs(asked, outcome, error)) {
    bool is_known = error->tag <= JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_OTHER;
    return is_known ? false : unexpected(error, lit("fetch_jobs returned false without an error of the contract"));
  }
  if (outcome->tag == JOB_SCANNER_SOURCE_TYPES_OUTCOME_PAGE) return check_page(&outcome->val.page, error);
  if (outcome->tag == JOB_SCANNER_SOURCE_TYPES_OUTCOME_NOT_MODIFIED) return true;
  return unexpected(error, lit("fetch_jobs returned true without an outcome of the contract"));
}
