// Package export_job_scanner_source_adapter reads Example: companies whose jobs are at `jobs.example/COMPANY`. The board
// returns all jobs of a company at once.
//
// web.go contains the meaning of statuses and failures, and contract.go the exports.
package export_job_scanner_source_adapter

import (
	"encoding/json"
	"fmt"

	wit "go.bytecodealliance.org/pkg/wit/types"
	. "wit_component/job_scanner_source_types"
)

// fetchJobs returns all jobs of a company.
func fetchJobs(request FetchRequest) (Outcome, *failure) {
	company := encoded(request.Identifier)
	response, err := send(get("https://api.jobs.example/companies/"+company+"/openings", true))
	if err != nil {
		return Outcome{}, err
	}
	if response.Unchanged {
		return MakeOutcomeNotModified(), nil
	}

	var answer struct {
		Openings *[]json.RawMessage `json:"openings"`
	}
	if err := decode(response, &answer); err != nil {
		return Outcome{}, err
	}
	if answer.Openings == nil {
		return Outcome{}, unexpected("openings: expected a list")
	}
	return readAll(*answer.Openings)
}

// readAll reads each opening. One that cannot be read becomes a warning, so that it does not hide the others. If none
// can be read, the board has changed.
func readAll(openings []json.RawMessage) (Outcome, *failure) {
	page := Page{Coverage: Coverage_Complete}
	// Lets the host notice that a job could not be read: it closes no job because of that.
	page.Total = wit.Some(uint32(len(openings)))
	for index, opening := range openings {
		if job, err := readJob(opening); err == nil {
			page.Jobs = append(page.Jobs, job)
		} else {
			page.Warnings = append(page.Warnings, fmt.Sprintf("openings[%d].%s", index, err.UnexpectedResponse()))
		}
	}
	if len(page.Jobs) == 0 && len(page.Warnings) > 0 {
		return Outcome{}, unexpected(page.Warnings[0])
	}
	return MakeOutcomePage(page), nil
}

// readJob converts an opening of the board to a job. wit/source.wit lists the other fields of a job. A field that is not
// set is unknown.
func readJob(opening json.RawMessage) (RawJob, *failure) {
	var given fields
	// A value that is not an object has no fields.
	_ = json.Unmarshal(opening, &given)
	read := reader{given, nil}
	job := RawJob{
		ExternalId: read.needed("id"), Title: read.needed("title"), Url: read.needed("url"),
		PostedAt: read.text("published"),
	}
	if city := read.text("city"); city.IsSome() {
		job.Locations = []Location{{Name: city.Some()}}
	}
	if text := read.text("text"); text.IsSome() {
		job.Description = wit.Some(MakeDescriptionHtml(text.Some()))
	}
	return job, read.err
}
