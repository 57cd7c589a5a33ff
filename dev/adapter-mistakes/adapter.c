// One mistake per identifier, each of which the compiler accepts. `c.txt` has the message that `src/main.c` of the
// templates makes of each.
#include <stdlib.h>

#include "text.h"
#include "web.h"

bool fetch_jobs(const fetch_request *asked, outcome *outcome, source_error *error) {
  raw_job *jobs = calloc(2, sizeof *jobs), *wrong = &jobs[1];
  for (int at = 0; at < 2; at++) {
    jobs[at].external_id = number(at);
    jobs[at].title = lit("Cook");
    jobs[at].url = lit("https://jobs.example/1");
  }
  text mistake = asked->identifier;
  if (equals(mistake, "fails-without-error")) return false;
  if (equals(mistake, "returns-without-outcome")) return true;
  outcome->tag = JOB_SCANNER_SOURCE_TYPES_OUTCOME_PAGE;
  outcome->val.page.jobs = (job_scanner_source_types_list_raw_job_t){jobs, 2};
  if (equals(mistake, "outcome-is-unknown")) outcome->tag = 7;
  if (equals(mistake, "coverage-is-unknown")) outcome->val.page.coverage = 7;
  if (equals(mistake, "error-is-unknown")) return error->tag = 77, false;
  if (equals(mistake, "title-missing")) wrong->title = (text){0};
  if (equals(mistake, "title-is-not-utf8")) wrong->title = lit("K\xf6" "chin");
  if (equals(mistake, "workplace-is-unknown")) wrong->workplace.is_some = true, wrong->workplace.val = 7;
  if (equals(mistake, "description-is-unknown")) wrong->description.is_some = true, wrong->description.val.tag = 7;
  if (equals(mistake, "description-is-not-utf8")) {
    wrong->description.is_some = true;
    wrong->description.val.val.html = lit("\xff");
  }
  if (equals(mistake, "period-is-unknown")) {
    wrong->salary.is_some = wrong->salary.val.period.is_some = true;
    wrong->salary.val.period.val = 7;
  }
  if (equals(mistake, "text-is-a-wild-pointer")) wrong->title = (text){(uint8_t *)0xFFFFFF00, 4096};
  return true;
}
