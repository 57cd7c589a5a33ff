// Package export_job_scanner_source_adapter reads Example: companies whose jobs are at `jobs.example/COMPANY`.
//
// The board lists jobs in pages and returns the rest of each job in a separate response. This file contains the scan.
// board.go contains the board's URLs and responses, web.go the meaning of statuses and failures, and contract.go the
// exports.
package export_job_scanner_source_adapter

import (
	"fmt"
	"strconv"

	wit "go.bytecodealliance.org/pkg/wit/types"
	"wit_component/job_scanner_source_log"
	. "wit_component/job_scanner_source_types"
)

// fetchJobs returns one page, or not-modified.
func fetchJobs(request FetchRequest) (Outcome, *failure) {
	source, err := newSource(request.Identifier, request.Options)
	if err != nil {
		return Outcome{}, err
	}
	// The number of pages that the last complete scan read.
	known := number(request.State, 0)
	if request.Cursor.IsNone() && known > 0 && isUnchanged(source, known) {
		return MakeOutcomeNotModified(), nil
	}

	page := number(request.Cursor, 1)
	// The host has nothing stored for a page beyond the known ones: it returns the body, and stores its validators for
	// the next scan.
	response, err := send(listingRequest(source, page, page > known))
	if err != nil {
		return Outcome{}, err
	}
	listing, err := readListing(response)
	if err != nil {
		return Outcome{}, err
	}
	job_scanner_source_log.Log(job_scanner_source_log.Level_Debug,
		fmt.Sprintf("page %d has %d of %d jobs", page, len(listing.jobs), listing.total))
	if most := request.MaxJobs; most.IsSome() && len(listing.jobs) > int(most.Some()) {
		listing.jobs = listing.jobs[:most.Some()]
	}
	jobs, warnings, err := withDetails(source, listing)
	if err != nil {
		return Outcome{}, err
	}
	// One malformed job does not hide the others. If all of them are malformed, the board changed.
	if len(jobs) == 0 && len(warnings) > 0 {
		return Outcome{}, unexpected(warnings[0])
	}
	return MakeOutcomePage(Page{
		Jobs: jobs, Next: listing.next, State: wit.Some(strconv.Itoa(page)), Total: wit.Some(listing.total),
		Coverage: Coverage_Complete, Warnings: warnings,
	}), nil
}

func number(text wit.Option[string], otherwise int) int {
	if text.IsSome() {
		if number, err := strconv.Atoi(text.Some()); err == nil {
			return number
		}
	}
	return otherwise
}

// isUnchanged returns true if no page of the listing has changed. A job that changes gets a different `changed` in the
// listing, so there is nothing more to request.
func isUnchanged(source source, pages int) bool {
	requests := make([]Request, pages)
	for page := range requests {
		requests[page] = listingRequest(source, page+1, true)
	}
	for _, answer := range sendAll(requests) {
		if answer.IsErr() || !answer.Ok().Unchanged {
			return false
		}
	}
	return true
}

// withDetails adds the details of each job, requested concurrently. A job that cannot be read becomes a warning.
func withDetails(source source, listing listing) (jobs []RawJob, warnings []string, err *failure) {
	warnings = listing.warnings
	requests := make([]Request, len(listing.jobs))
	for index, job := range listing.jobs {
		requests[index] = detailsRequest(source, job.ExternalId)
	}
	for index, answer := range sendAll(requests) {
		job := listing.jobs[index]
		response, err := successful(answer)
		if err == nil {
			err = addDetails(&job, response)
		}
		switch {
		// Not every job has details. This one has only the fields of the listing.
		case err == nil, err.Tag() == SourceError_NotFound:
			jobs = append(jobs, job)
		case err.Tag() == SourceError_UnexpectedResponse:
			warnings = append(warnings, fmt.Sprintf("job %s: %s", job.ExternalId, err.UnexpectedResponse()))
		default:
			return nil, nil, err
		}
	}
	return jobs, warnings, nil
}
