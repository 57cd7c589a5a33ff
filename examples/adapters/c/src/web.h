// Requests through the host, and the handling of their responses. A function that returns false has set `error`.
#pragma once
#include "contract.h"
#include "json.h"

// Returns a GET request for JSON.
request get(text url, bool conditional);
// Requests that are sent in batches, as their responses are consumed.
typedef struct {
  request *requests;
  size_t count;
  // The number of responses consumed so far, and the responses of the current batch.
  size_t at;
  answer *answers;
} requests;

// Returns the response to the next request. The host waits and retries where that helps.
const answer *next_answer(requests *all);
// Reads the body of a successful response as JSON.
bool read_json(const answer *answer, json **body, source_error *error);
// Sets an `unexpected-response` error. Always returns false.
bool unexpected(source_error *error, text words);
// Adds a warning to those of a page.
void warn(source_adapter_list_string_t *warnings, text words);
