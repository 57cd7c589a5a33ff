package export_job_scanner_source_adapter

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	wit "go.bytecodealliance.org/pkg/wit/types"
	"wit_component/job_scanner_source_http"
	. "wit_component/job_scanner_source_types"
)

// Request and Response are the contract's types.
type (
	Request  = job_scanner_source_http.Request
	Response = job_scanner_source_http.Response
)

type answer = wit.Result[Response, job_scanner_source_http.HttpError]

// A failure wraps the contract's `source-error`.
type failure struct{ SourceError }

// get returns a GET request for JSON. If it is conditional, the response may say that it is unchanged.
func get(address string, conditional bool) Request {
	return Request{
		Method: "GET", Url: address, Headers: []Header{{Name: "Accept", Value: "application/json"}},
		Body: wit.None[[]uint8](), Conditional: conditional, Repeatable: true,
		Redirects: job_scanner_source_http.Redirects_Follow,
	}
}

// The number of concurrent requests. The contract allows 256, but the host holds their responses in memory together.
const sideBySide = 50

// send sends one request and returns its response, if that is successful.
func send(request Request) (Response, *failure) {
	return successful(job_scanner_source_http.Send(request))
}

// sendAll sends requests in batches, as their responses are consumed. The host waits and retries where that helps.
func sendAll(requests []Request) iter.Seq2[int, answer] {
	return func(yield func(int, answer) bool) {
		index := 0
		for batch := range slices.Chunk(requests, sideBySide) {
			for _, answer := range job_scanner_source_http.SendAll(batch) {
				if !yield(index, answer) {
					return
				}
				index++
			}
		}
	}
}

// successful returns the response, or the contract's error for its status.
func successful(answer answer) (Response, *failure) {
	if answer.IsErr() {
		return Response{}, noAnswer(answer.Err())
	}
	response := answer.Ok()
	if response.Status < 200 || response.Status > 299 {
		return Response{}, refused(response)
	}
	return response, nil
}

// decode parses the body of a response as JSON.
func decode(response Response, into any) *failure {
	body := response.Body
	if !utf8.Valid(body) {
		return unexpected("expected JSON, which is UTF-8")
	}
	if err := json.Unmarshal(body, into); err != nil {
		return unexpected(fmt.Sprintf("%v: %.100q", err, body))
	}
	return nil
}

// encoded percent-encodes a text, so that any text is a single part of a URL.
func encoded(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// The fields of a response, with any values.
type fields map[string]json.RawMessage

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

func unexpected(words string) *failure {
	return &failure{MakeSourceErrorUnexpectedResponse(words)}
}

func refused(response Response) *failure {
	words := fmt.Sprintf("%s returned %d", response.Url, response.Status)
	pause := retryAfter(response)
	switch status := response.Status; {
	case status == 404 || status == 410:
		return &failure{MakeSourceErrorNotFound(words)}
	case status == 401 || status == 403:
		return &failure{MakeSourceErrorUnauthorized(words)}
	case status == 429, status == 503 && pause.IsSome():
		return &failure{MakeSourceErrorRateLimited(pause)}
	// The host did not follow this redirect.
	case status < 400:
		return unexpected(words)
	default:
		return &failure{MakeSourceErrorUpstream(wit.Tuple2[uint16, string]{F0: status, F1: response.Url})}
	}
}

// retryAfter returns the pause in seconds.
func retryAfter(response Response) wit.Option[uint32] {
	for _, header := range response.Headers {
		if strings.EqualFold(header.Name, "retry-after") {
			if seconds, err := strconv.ParseUint(header.Value, 10, 32); err == nil {
				return wit.Some(uint32(seconds))
			}
		}
	}
	return wit.None[uint32]()
}

func noAnswer(err job_scanner_source_http.HttpError) *failure {
	other := func(code, words string) *failure {
		return &failure{MakeSourceErrorOther(wit.Tuple2[string, string]{F0: code, F1: words})}
	}
	switch err.Tag() {
	case job_scanner_source_http.HttpError_Timeout:
		return &failure{MakeSourceErrorNetwork("no answer in time")}
	case job_scanner_source_http.HttpError_Dns:
		return &failure{MakeSourceErrorNetwork(err.Dns())}
	case job_scanner_source_http.HttpError_Connect:
		return &failure{MakeSourceErrorNetwork(err.Connect())}
	case job_scanner_source_http.HttpError_Tls:
		return &failure{MakeSourceErrorNetwork(err.Tls())}
	case job_scanner_source_http.HttpError_Protocol:
		return &failure{MakeSourceErrorNetwork(err.Protocol())}
	case job_scanner_source_http.HttpError_Denied:
		return other("denied", err.Denied())
	case job_scanner_source_http.HttpError_InvalidRequest:
		return other("invalid-request", err.InvalidRequest())
	case job_scanner_source_http.HttpError_TooLarge:
		return other("too-large", fmt.Sprintf("more than %d bytes", err.TooLarge()))
	case job_scanner_source_http.HttpError_TooManyRequests:
		return other("too-many-requests", fmt.Sprintf("more than %d requests", err.TooManyRequests()))
	default:
		return other(err.Other().F0, err.Other().F1)
	}
}
