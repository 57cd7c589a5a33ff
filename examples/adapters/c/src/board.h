// The board's URLs, and its answers as raw jobs. Fields that are not used are not named; new ones may appear.
#pragma once
#include "contract.h"
#include "json.h"

// A company there, and what the configuration says of it.
typedef struct {
  text url;
  maybe_text department;
} source;

// A page of the listing.
typedef struct {
  // How many jobs there are in all.
  uint32_t total;
  // The number of the next page.
  source_adapter_option_u32_t next;
  job_scanner_source_types_list_raw_job_t jobs;
  // What is odd.
  source_adapter_list_string_t warnings;
} listing;

// Reads the options, which the host has checked against the manifest's schema.
source source_of(text company, text options);
// A page of the listing, counted from 1.
request listing_request(const source *source, uint32_t page, bool conditional);
// What the board tells of one job.
request details_request(const source *source, text id);
// The jobs of a page, the number of the next one, how many jobs there are in all, and what is odd.
bool read_listing(const json *answer, listing *listing, source_error *error);
// Adds to a job what the board tells of it.
bool add_details(raw_job *job, const json *details, source_error *error);
void warn(source_adapter_list_string_t *warnings, text words);
