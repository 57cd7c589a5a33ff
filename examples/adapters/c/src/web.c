#include "web.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

// The number of concurrent requests. The contract allows 256, but the host holds their responses in memory together.
enum { SIDE_BY_SIDE = 50 };

request get(text url, bool conditional) {
  header *accept = malloc(sizeof *accept);
  *accept = (header){lit("Accept"), lit("application/json")};
  return (request){
    .method = lit("GET"),
    .url = url,
    .headers = {accept, 1},
    .conditional = conditional,
    .repeatable = true,
    .redirects = JOB_SCANNER_SOURCE_HTTP_REDIRECTS_FOLLOW,
  };
}

const answer *next_answer(requests *all) {
  if (all->at % SIDE_BY_SIDE == 0) {
    size_t left = all->count - all->at;
    job_scanner_source_http_list_request_t batch = {all->requests + all->at, left < SIDE_BY_SIDE ? left : SIDE_BY_SIDE};
    job_scanner_source_http_list_result_response_http_error_t answers;
    job_scanner_source_http_send_all(&batch, &answers);
    all->answers = answers.ptr;
  }
  return &all->answers[all->at++ % SIDE_BY_SIDE];
}

static bool failed(source_error *error, uint8_t tag, text words) {
  *error = (source_error){.tag = tag, .val.network = words};
  return false;
}

bool unexpected(source_error *error, text words) {
  return failed(error, JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_UNEXPECTED_RESPONSE, words);
}

// Returns the pause in seconds.
static source_adapter_option_u32_t retry_after(const response *response) {
  source_adapter_option_u32_t pause = {0};
  for (size_t at = 0; at < response->headers.len; at++) {
    header header = response->headers.ptr[at];
    // The host returns names in lower case.
    if (equals(header.name, "retry-after")) pause.is_some = parse_number(header.value, &pause.val);
  }
  return pause;
}

static bool refused(source_error *error, const response *response) {
  text words = JOIN(response->url, lit(" returned "), number(response->status));
  source_adapter_option_u32_t pause = retry_after(response);
  switch (response->status) {
    case 404: case 410: return failed(error, JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_NOT_FOUND, words);
    case 401: case 403: return failed(error, JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_UNAUTHORIZED, words);
  }
  if (response->status == 429 || (response->status == 503 && pause.is_some)) {
    *error = (source_error){.tag = JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_RATE_LIMITED, .val.rate_limited = pause};
    return false;
  }
  // The host did not follow this redirect.
  if (response->status < 400) return unexpected(error, words);
  *error = (source_error){
    .tag = JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_UPSTREAM,
    .val.upstream = {response->status, response->url},
  };
  return false;
}

static bool no_answer(source_error *error, const http_error *why) {
  static const char *codes[] = {"denied", "invalid-request", "dns", "connect", "tls", "timeout", "too-large",
                                "too-many-requests", "protocol"};
  switch (why->tag) {
    case JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_TIMEOUT:
      return failed(error, JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_NETWORK, lit("no answer in time"));
    case JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_DNS: case JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_CONNECT:
    case JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_TLS: case JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_PROTOCOL:
      return failed(error, JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_NETWORK, why->val.dns);
  }
  bool has_words = why->tag <= JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_INVALID_REQUEST;
  *error = (source_error){.tag = JOB_SCANNER_SOURCE_TYPES_SOURCE_ERROR_OTHER};
  if (why->tag == JOB_SCANNER_SOURCE_HTTP_HTTP_ERROR_OTHER) error->val.other = why->val.other;
  else error->val.other.f0 = lit(codes[why->tag]), error->val.other.f1 = has_words ? why->val.denied : lit("a limit");
  return false;
}

bool read_json(const answer *answer, json **body, source_error *error) {
  if (answer->is_err) return no_answer(error, &answer->val.err);
  const response *response = &answer->val.ok;
  if (response->status < 200 || response->status > 299) return refused(error, response);
  text words = {response->body.ptr, response->body.len};
  *body = json_parse(words);
  if (*body != NULL) return true;
  text start = is_utf8(words) ? start_of(words) : lit("not UTF-8");
  return unexpected(error, JOIN(response->url, lit(" returned invalid JSON: "), start.ptr == NULL ? lit("") : start));
}

void warn(source_adapter_list_string_t *warnings, text words) {
  warnings->ptr = realloc(warnings->ptr, (warnings->len + 1) * sizeof *warnings->ptr);
  warnings->ptr[warnings->len++] = words;
}
