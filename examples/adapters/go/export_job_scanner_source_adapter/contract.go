package export_job_scanner_source_adapter

import (
	_ "embed"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"strings"
	"unicode/utf8"

	wit "go.bytecodealliance.org/pkg/wit/types"
	. "wit_component/job_scanner_source_types"
)

//go:embed manifest.json
var manifest string

// Describe returns the manifest.
func Describe() string { return manifest }

// FetchJobs calls fetchJobs. A panic, and a result that the contract does not allow, become an error that says what is
// wrong and where: otherwise the scan would end with a crash without a message.
func FetchJobs(request FetchRequest) (result wit.Result[Outcome, SourceError]) {
	defer func() {
		if reason := recover(); reason != nil {
			words := fmt.Sprintf("fetchJobs panicked: %v%s", reason, origin())
			result = wit.Err[Outcome, SourceError](MakeSourceErrorUnexpectedResponse(words))
		}
	}()
	outcome, err := fetchJobs(request)
	if err == nil {
		err = check(outcome)
	}
	if err == nil {
		return wit.Ok[Outcome, SourceError](outcome)
	}
	if err.SourceError == (SourceError{}) {
		err = unexpected("fetchJobs returned SourceError{}: use MakeSourceErrorNotFound or another of these functions")
	}
	return wit.Err[Outcome, SourceError](err.SourceError)
}

// check looks for values that the contract does not have, on which the generated code or the host would give up.
func check(outcome Outcome) *failure {
	if outcome == (Outcome{}) {
		return unexpected("fetchJobs returned Outcome{}: use MakeOutcomePage or MakeOutcomeNotModified")
	}
	if outcome.Tag() != Outcome_Page {
		return nil
	}
	page := outcome.Page()
	if page.Coverage > Coverage_Window {
		return unexpected(fmt.Sprintf("Coverage: is %d, not Coverage_Complete or Coverage_Window", page.Coverage))
	}
	for index, job := range page.Jobs {
		if mistake := mistakeIn(job); mistake != "" {
			return unexpected(fmt.Sprintf("Jobs[%d]%s", index, mistake))
		}
	}
	return nil
}

// mistakeIn returns the first mistake in a job, or an empty text.
func mistakeIn(job RawJob) string {
	if job.Description.IsSome() && job.Description.Some() == (Description{}) {
		return ".Description: is Description{}: use MakeDescriptionHtml or MakeDescriptionText"
	}
	if workplace := job.Workplace.SomeOr(Workplace_Remote); workplace > Workplace_Remote {
		return fmt.Sprintf(".Workplace: is %d, not Workplace_OnSite, Workplace_Hybrid or Workplace_Remote", workplace)
	}
	return notUTF8(reflect.ValueOf(job))
}

// notUTF8 returns the first text in a value that is not UTF-8, or an empty text.
func notUTF8(value reflect.Value) string {
	switch value.Kind() {
	case reflect.String:
		if !utf8.ValidString(value.String()) {
			return ": is not UTF-8"
		}
	case reflect.Interface:
		return notUTF8(value.Elem())
	case reflect.Slice:
		for index := range value.Len() {
			if mistake := notUTF8(value.Index(index)); mistake != "" {
				return fmt.Sprintf("[%d]%s", index, mistake)
			}
		}
	case reflect.Struct:
		for index := range value.NumField() {
			if mistake := notUTF8(value.Field(index)); mistake != "" {
				// The value of an option or a variant has no name in the contract.
				return strings.TrimPrefix("."+value.Type().Field(index).Name, ".value") + mistake
			}
		}
	}
	return ""
}

// origin returns the lines of this package that a panic comes from, the innermost first, at most three.
func origin() string {
	callers := make([]uintptr, 50)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	var lines []string
	for {
		frame, more := frames.Next()
		file := path.Base(frame.File)
		if strings.Contains(frame.Function, "export_job_scanner_source_adapter.") && file != "contract.go" {
			lines = append(lines, fmt.Sprintf(", at %s:%d", file, frame.Line))
		}
		if !more || len(lines) == 3 {
			return strings.Join(lines, "")
		}
	}
}
