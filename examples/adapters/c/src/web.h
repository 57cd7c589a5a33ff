// Requests through the host, and the usual reading of what comes back. What returns false has said why in `error`.
#pragma once
#include "contract.h"
#include "json.h"

// A GET that asks for JSON.
request get(text url, bool conditional);
// Requests side by side, at most 256. The host decides how many at once, waits, and tries again where that helps.
answer *send_all(request *requests, size_t count);
// The body of an answer that is a success, as JSON.
bool read_json(const answer *answer, json **body, source_error *error);
// Always false.
bool unexpected(source_error *error, text words);
