package export_job_scanner_source_adapter

import (
	"encoding/json"
	"fmt"
	"strings"

	wit "go.bytecodealliance.org/pkg/wit/types"
	. "wit_component/job_scanner_source_types"
)

const board = "https://api.jobs.example"

// A company on the board, with its configured options.
type source struct {
	url        string
	department *string
}

// newSource reads the options, which the host has validated against the manifest's schema.
func newSource(company, options string) (source, *failure) {
	given := struct {
		BaseURL    string  `json:"base_url"`
		Department *string `json:"department"`
	}{BaseURL: board}
	if err := json.Unmarshal([]byte(options), &given); err != nil {
		return source{}, &failure{MakeSourceErrorInvalidOptions(err.Error())}
	}
	base := strings.TrimRight(given.BaseURL, "/")
	return source{url: base + "/companies/" + encoded(company), department: given.Department}, nil
}

// A page of the listing.
type listing struct {
	// The number of jobs on all pages.
	total uint32
	// The number of the next page.
	next wit.Option[string]
	jobs []RawJob
	// Jobs that could not be read.
	warnings []string
}

// listingRequest returns the request for a page of the listing, counted from 1.
func listingRequest(source source, page int, conditional bool) Request {
	address := fmt.Sprintf("%s/jobs?page=%d", source.url, page)
	if source.department != nil {
		address += "&department=" + encoded(*source.department)
	}
	return get(address, conditional)
}

// detailsRequest returns the request for the details of one job.
func detailsRequest(source source, id string) Request {
	return get(source.url+"/jobs/"+encoded(id), false)
}

// readListing reads a page of the listing.
func readListing(response Response) (listing, *failure) {
	var answer struct {
		Total *uint32            `json:"total"`
		Next  *uint32            `json:"next"`
		Jobs  *[]json.RawMessage `json:"jobs"`
	}
	if err := decode(response, &answer); err != nil {
		return listing{}, err
	}
	if answer.Jobs == nil {
		return listing{}, unexpected("jobs: expected a list")
	}
	if answer.Total == nil {
		return listing{}, unexpected("total: expected a number")
	}
	page := listing{total: *answer.Total, next: wit.None[string]()}
	if answer.Next != nil {
		page.next = wit.Some(fmt.Sprint(*answer.Next))
	}
	for index, entry := range *answer.Jobs {
		if job, err := listedJob(entry); err == nil {
			page.jobs = append(page.jobs, job)
		} else {
			page.warnings = append(page.warnings, fmt.Sprintf("jobs[%d].%s", index, err.UnexpectedResponse()))
		}
	}
	return page, nil
}

// listedJob reads a job of the listing. Fields that the board does not give stay none.
func listedJob(entry json.RawMessage) (job RawJob, err *failure) {
	var given fields
	// A value that is not an object has no fields.
	_ = json.Unmarshal(entry, &given)
	read := reader{given, nil}
	// This board sets `changed` exactly when the job changes.
	changed := read.text("changed")
	job = RawJob{
		ExternalId: read.needed("id"), Title: read.needed("title"), Url: read.needed("url"),
		UpdatedAt: changed, Revision: changed,
	}
	return job, read.err
}

// addDetails adds the details to a job.
func addDetails(job *RawJob, response Response) *failure {
	var given fields
	if err := decode(response, &given); err != nil {
		return err
	}
	read := reader{given, nil}
	department, place, workplace := read.text("department"), read.text("location"), read.text("workplace")
	html, published := read.text("description"), read.text("published")
	if read.err != nil {
		return read.err
	}
	job.Department, job.PostedAt = department, published
	if place.IsSome() {
		job.Locations = []Location{{Name: place.Some()}}
	}
	words := map[string]Workplace{"on-site": Workplace_OnSite, "hybrid": Workplace_Hybrid, "remote": Workplace_Remote}
	if word, known := words[workplace.SomeOr("")]; known {
		job.Workplace = wit.Some(word)
	}
	if html.IsSome() {
		job.Description = wit.Some(MakeDescriptionHtml(html.Some()))
	}
	return nil
}
