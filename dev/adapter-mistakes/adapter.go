// Package export_job_scanner_source_adapter makes one mistake per identifier, each of which the compiler accepts. go.txt
// has the message that contract.go of the templates makes of each.
package export_job_scanner_source_adapter

import (
	wit "go.bytecodealliance.org/pkg/wit/types"
	. "wit_component/job_scanner_source_types"
)

var cook = RawJob{ExternalId: "1", Title: "Cook", Url: "https://jobs.example/1"}

var nobody *RawJob

func page(jobs ...RawJob) Outcome { return MakeOutcomePage(Page{Jobs: jobs}) }

func titles(names []string) string { return names[len(names)] }

func fetchJobs(request FetchRequest) (Outcome, *failure) {
	wrong := cook
	switch request.Identifier {
	case "panics":
		panic("not yet")
	case "index-out-of-range":
		wrong.Title = titles([]string{"Cook"})
	case "field-of-nil":
		wrong.Title = nobody.Title
	case "nil-map":
		var seen map[string]bool
		seen[wrong.Title] = true
	case "other-case":
		return Outcome{}, &failure{MakeSourceErrorNotFound(MakeSourceErrorNetwork("down").NotFound())}
	case "outcome-is-empty":
		return Outcome{}, nil
	case "error-is-empty":
		return Outcome{}, &failure{}
	case "description-is-empty":
		wrong.Description = wit.Some(Description{})
	case "not-utf8":
		wrong.Title = "K\xf6chin"
	case "workplace-is-unknown":
		wrong.Workplace = wit.Some(Workplace(7))
	case "coverage-is-unknown":
		return MakeOutcomePage(Page{Jobs: []RawJob{cook}, Coverage: 7}), nil
	case "title-missing":
		wrong.ExternalId, wrong.Title = "2", ""
	}
	return page(cook, wrong), nil
}
