// Requests through the host, and the usual reading of what comes back. What returns false has said why in `error`.
#pragma once
#include "contract.h"
#include "json.h"

// A GET that asks for JSON.
request get(text url, bool conditional);
// Requests of which some at a time go out side by side, as their answers are taken.
typedef struct {
  request *requests;
  size_t count;
  // How many answers were taken, and those to the requests that went out last.
  size_t at;
  answer *answers;
} requests;

// The answer to the next request. The host waits, and tries again where that helps.
const answer *next_answer(requests *all);
// The body of an answer that is a success, as JSON.
bool read_json(const answer *answer, json **body, source_error *error);
// Always false.
bool unexpected(source_error *error, text words);
