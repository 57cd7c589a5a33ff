// Short names for the contract's types. bindings/source_adapter.h, generated from wit/source.wit, has the long ones.
// Also the function that the adapter has to implement.
#pragma once
#include "source_adapter.h"

typedef source_adapter_string_t text;
typedef source_adapter_option_string_t maybe_text;
typedef job_scanner_source_types_raw_job_t raw_job;
typedef job_scanner_source_types_location_t location;
typedef job_scanner_source_types_fetch_request_t fetch_request;
typedef job_scanner_source_types_page_t page;
typedef job_scanner_source_types_outcome_t outcome;
typedef job_scanner_source_types_source_error_t source_error;
typedef job_scanner_source_http_header_t header;
typedef job_scanner_source_http_request_t request;
typedef job_scanner_source_http_response_t response;
typedef job_scanner_source_http_http_error_t http_error;
typedef job_scanner_source_http_result_response_http_error_t answer;

// Sets the outcome and returns true, or sets the error and returns false. Everything in the outcome is zero before, which
// is none or an empty list, but its tag has to be set.
bool fetch_jobs(const fetch_request *asked, outcome *outcome, source_error *error);
