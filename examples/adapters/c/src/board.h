// The board's URLs, and the conversion of its responses to raw jobs. Unused fields are not declared, and the board may
// add new ones.
#pragma once
#include "contract.h"
#include "json.h"

// A company on the board, with its configured options.
typedef struct {
  text url;
  maybe_text department;
} source;

// A page of the listing.
typedef struct {
  // The number of jobs on all pages.
  uint32_t total;
  // The number of the next page.
  source_adapter_option_u32_t next;
  job_scanner_source_types_list_raw_job_t jobs;
  // Jobs that could not be read.
  source_adapter_list_string_t warnings;
} listing;

// Reads the options, which the host has validated against the manifest's schema.
source source_of(text company, text options);
// Returns the request for a page of the listing, counted from 1.
request listing_request(const source *source, uint32_t page, bool conditional);
// Returns the request for the details of one job.
request details_request(const source *source, text id);
// Reads a page of the listing.
bool read_listing(const json *answer, listing *listing, source_error *error);
// Adds the details to a job.
bool add_details(raw_job *job, const json *details, source_error *error);
