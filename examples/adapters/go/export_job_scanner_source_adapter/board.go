package export_job_scanner_source_adapter

import (
	"encoding/json"
	"fmt"
	"net/url"
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

// encoded percent-encodes a text, so that any text is a single part of a URL.
func encoded(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// The fields of a response, with any values.
type fields map[string]json.RawMessage

// readListing reads a page of the listing.
func readListing(body []byte) (listing, *failure) {
	var answer struct {
		Total *uint32            `json:"total"`
		Next  *uint32            `json:"next"`
		Jobs  *[]json.RawMessage `json:"jobs"`
	}
	if err := decode(body, &answer); err != nil {
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
func addDetails(job *RawJob, body []byte) *failure {
	var given fields
	if err := decode(body, &given); err != nil {
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

// A reader reads the fields of an object and keeps the first error.
type reader struct {
	given fields
	err   *failure
}

// text reads a text field: none if it is missing, null or blank.
func (read *reader) text(key string) wit.Option[string] {
	var text *string
	if raw, there := read.given[key]; there && json.Unmarshal(raw, &text) != nil && read.err == nil {
		read.err = unexpected(key + ": expected text")
	}
	if text == nil || strings.TrimSpace(*text) == "" {
		return wit.None[string]()
	}
	return wit.Some(*text)
}

func (read *reader) needed(key string) string {
	text := read.text(key)
	if text.IsNone() && read.err == nil {
		read.err = unexpected(key + ": expected text")
	}
	return text.SomeOr("")
}
