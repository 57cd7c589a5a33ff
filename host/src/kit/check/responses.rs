//! Rules about failing responses: the error that an adapter returns when its board fails, and
//! boards that must not make the adapter itself fail.

use std::time::Duration;

use job_scanner_core::failure::FailureKind;
use job_scanner_sandbox::{
    Adapter, Exchange, Listing, ListingEnd, NetworkFailure, NetworkFailureKind, Response, ScanError,
};
use serde_json::Value;

use crate::kit::check::board::{Board, NoScan};
use crate::kit::check::report::{Findings, RuleResult, Verdict, describe_failure, failed, skipped};

/// Longer than the host waits itself, so the adapter receives the response.
const RETRY_AFTER: Duration = Duration::from_hours(1);

/// The size of a large board in bytes and in jobs: larger than any board seen so far.
const LARGE_BYTES: usize = 10 << 20;
const MANY_JOBS: usize = 2_000;

/// The names of list elements in the XML of boards.
const XML_ELEMENTS: [&str; 5] = ["item", "entry", "position", "job", "url"];

/// Checks all rules of this file.
pub(super) async fn check(adapter: &Adapter, board: &Board, findings: &mut Findings) {
    for (rule, means, response, allowed) in failures(board) {
        findings.add(
            rule,
            means,
            yields_error(adapter, board, response, allowed).await,
        );
    }

    let first = first_body(board);
    let empty = first.as_deref().and_then(emptied);
    findings.add(
        "empty-board",
        "a board without jobs is not a failure of the adapter",
        does_not_crash(adapter, board, empty).await,
    );

    let large = first.as_deref().and_then(enlarged);
    findings.add(
        "large-board",
        "a 10 MB board is not a failure of the adapter",
        does_not_crash(adapter, board, large).await,
    );
}

type BoardResponse = Result<Response, NetworkFailure>;
type FailureRule = (
    &'static str,
    &'static str,
    BoardResponse,
    &'static [FailureKind],
);

/// Returns a rule for each failing response, with the errors that describe it.
fn failures(board: &Board) -> Vec<FailureRule> {
    let retry_after = RETRY_AFTER.as_secs().to_string();
    let timeout = NetworkFailure {
        kind: NetworkFailureKind::Timeout,
        message: String::new(),
    };
    let half = first_body(board).map_or_else(
        || b"{\"jobs\": [{\"id\": 1, \"ti".to_vec(),
        |mut body| {
            body.truncate(body.len() / 2);
            body
        },
    );
    let page = b"<!doctype html><html><title>Maintenance</title><p>Back soon</html>".to_vec();
    vec![
        (
            "404",
            "404 yields `not-found`",
            Ok(status(404, &[])),
            &[FailureKind::NotFound],
        ),
        (
            "401",
            "401 yields `unauthorized`",
            Ok(status(401, &[])),
            &[FailureKind::Unauthorized],
        ),
        (
            "403",
            "403 yields `unauthorized`, `blocked` or `rate-limited`",
            Ok(status(403, &[])),
            &[
                FailureKind::Unauthorized,
                FailureKind::Blocked,
                FailureKind::RateLimited,
            ],
        ),
        (
            "429",
            "429 yields `rate-limited`",
            Ok(status(429, &[])),
            &[FailureKind::RateLimited],
        ),
        (
            "retry-after",
            "429 with Retry-After yields `rate-limited` with that pause",
            Ok(status(429, &[("retry-after", &retry_after)])),
            &[FailureKind::RateLimited],
        ),
        (
            "500",
            "500 yields `upstream`",
            Ok(status(500, &[])),
            &[FailureKind::Upstream],
        ),
        (
            "timeout",
            "a timeout yields `network`",
            Err(timeout),
            &[FailureKind::Network],
        ),
        (
            "empty-body",
            "an empty response yields `unexpected-response`",
            Ok(body(Vec::new())),
            &[FailureKind::UnexpectedResponse],
        ),
        (
            "half-body",
            "half a response yields `unexpected-response`",
            Ok(body(half)),
            &[FailureKind::UnexpectedResponse],
        ),
        (
            "page",
            "an HTML page yields `unexpected-response` or `blocked`",
            Ok(body(page)),
            &[FailureKind::UnexpectedResponse, FailureKind::Blocked],
        ),
    ]
}

fn status(status: u16, headers: &[(&str, &str)]) -> Response {
    let headers = headers
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Response {
        status,
        headers,
        body: b"{}".to_vec(),
        cut: None,
    }
}

fn body(body: Vec<u8>) -> Response {
    Response {
        status: 200,
        headers: Vec::new(),
        body,
        cut: None,
    }
}

/// Scans the board with this response to the first request.
async fn scan(
    adapter: &Adapter,
    board: &Board,
    response: BoardResponse,
) -> Result<Listing, Verdict> {
    let Some(request) = &board.first_request else {
        return skipped(match board.scan {
            Err(NoScan::NoCassette) => {
                "without a cassette the adapter makes no request; record one with `adapter test --record`"
            }
            _ => "the scan of the cassette makes no permitted request",
        });
    };

    let mut cassette = board.cassette.clone();
    cassette
        .exchanges
        .retain(|exchange| !exchange.request.is_same(request));
    cassette.exchanges.push(Exchange {
        request: request.clone(),
        outcome: response,
    });
    Ok(adapter.replay(&cassette).await.listing)
}

async fn yields_error(
    adapter: &Adapter,
    board: &Board,
    response: BoardResponse,
    allowed: &[FailureKind],
) -> RuleResult {
    let has_pause = response
        .as_ref()
        .is_ok_and(|response| !response.headers.is_empty());

    let error = match scan(adapter, board, response).await?.end {
        ListingEnd::Failed(error) => error,
        end => return failed(format!("the scan did not fail: {}", describe_end(&end))),
    };
    if !allowed.contains(&error.kind()) {
        return failed(describe_failure(&error));
    }

    match error {
        ScanError::RateLimited { retry_after } if has_pause && retry_after != Some(RETRY_AFTER) => {
            failed(format!(
                "the pause is {retry_after:?} instead of {RETRY_AFTER:?}"
            ))
        }
        _ => Ok(()),
    }
}

async fn does_not_crash(adapter: &Adapter, board: &Board, changed: Option<Vec<u8>>) -> RuleResult {
    let Some(changed) = changed else {
        return skipped("the cassette's first response cannot be changed into such a board");
    };
    match scan(adapter, board, Ok(body(changed))).await?.end {
        ListingEnd::Failed(error) if is_crash(&error) => failed(describe_failure(&error)),
        _ => Ok(()),
    }
}

fn describe_end(end: &ListingEnd) -> &str {
    match end {
        ListingEnd::Complete => "the listing is complete",
        ListingEnd::Window => "the listing is a window",
        ListingEnd::Truncated => "the listing is truncated",
        ListingEnd::NotModified => "the board is not modified",
        ListingEnd::Partial(why) => why,
        ListingEnd::Failed(_) => "the scan failed",
    }
}

/// Returns the body of the board's first response, if it succeeded.
fn first_body(board: &Board) -> Option<Vec<u8>> {
    let request = board.first_request.as_ref()?;
    let exchanges = board.cassette.exchanges.iter();
    let mut responses = exchanges
        .filter(|exchange| exchange.request.is_same(request))
        .filter_map(|exchange| exchange.outcome.as_ref().ok());
    let success = responses.find(|response| response.status < 300)?;
    Some(success.body.clone())
}

/// Returns the board without jobs: its longest list is emptied.
fn emptied(body: &[u8]) -> Option<Vec<u8>> {
    with_longest_list(body, Vec::clear).or_else(|| {
        let (start, end) = xml_list(body)?;
        Some([&body[..start], &body[end..]].concat())
    })
}

/// Returns a large board: its jobs are repeated and their texts made longer. A board that is
/// already large is returned unchanged.
fn enlarged(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() >= LARGE_BYTES {
        return Some(body.to_vec());
    }

    with_longest_list(body, |list| *list = repeat_until_large(list)).or_else(|| {
        let (start, end) = xml_list(body)?;
        let list = body[start..end].repeat((LARGE_BYTES / (end - start)).min(MANY_JOBS));
        let space = vec![b' '; LARGE_BYTES.saturating_sub(list.len())];
        Some([&body[..start], &list, &space, &body[end..]].concat())
    })
}

/// Repeats the elements until the board is large in bytes or jobs.
fn repeat_until_large(list: &[Value]) -> Vec<Value> {
    let mut elements = Vec::new();
    let mut bytes = 0;
    for element in list.iter().cycle().take(MANY_JOBS) {
        if bytes >= LARGE_BYTES {
            break;
        }
        let element = enlarge_element(element, LARGE_BYTES / MANY_JOBS);
        bytes += element.to_string().len();
        elements.push(element);
    }
    elements
}

/// Returns the element enlarged to `bytes` by repeating its longest text.
fn enlarge_element(element: &Value, bytes: usize) -> Value {
    let mut element = element.clone();
    if let Some(text) = longest_text(&mut element) {
        *text = text.repeat(bytes.div_ceil(text.len().max(1)));
    }
    element
}

fn longest_text(value: &mut Value) -> Option<&mut String> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values) => values
            .iter_mut()
            .filter_map(longest_text)
            .max_by_key(|text| text.len()),
        Value::Object(values) => values
            .values_mut()
            .filter_map(longest_text)
            .max_by_key(|text| text.len()),
        _ => None,
    }
}

/// Changes the longest list. `None` if there is none, or if the body is so large that its parsed
/// values would fill the memory.
fn with_longest_list(body: &[u8], change: impl FnOnce(&mut Vec<Value>)) -> Option<Vec<u8>> {
    if body.len() > LARGE_BYTES {
        return None;
    }

    let mut json: Value = serde_json::from_slice(body).ok()?;
    let pointer = longest_list(&json)?;
    let Value::Array(list) = json.pointer_mut(&pointer)? else {
        return None;
    };

    change(list);
    Some(json.to_string().into_bytes())
}

/// Returns the JSON pointer to the longest list, at the top level or in an object there.
fn longest_list(json: &Value) -> Option<String> {
    match json {
        Value::Array(list) if !list.is_empty() => Some(String::new()),
        Value::Object(object) => {
            let lists = object
                .iter()
                .filter_map(|(name, value)| Some((name, value.as_array()?.len())));
            let (name, length) = lists.max_by_key(|(_, length)| *length)?;
            (length > 0).then(|| format!("/{}", name.replace('~', "~0").replace('/', "~1")))
        }
        _ => None,
    }
}

/// Returns the range from the start of the first element of a list to the end of the last one.
fn xml_list(body: &[u8]) -> Option<(usize, usize)> {
    let text = std::str::from_utf8(body).ok()?;
    let list = |name: &&str| {
        let start = text.find(&format!("<{name}>"))?;
        let end = format!("</{name}>");
        Some((start, text.rfind(&end)? + end.len()))
    };
    XML_ELEMENTS.iter().find_map(list)
}

/// Returns true if the error is a failure of the adapter rather than a statement about the board.
fn is_crash(error: &ScanError) -> bool {
    matches!(
        error,
        ScanError::CpuBudget { .. }
            | ScanError::Timeout { .. }
            | ScanError::OutOfMemory { .. }
            | ScanError::OutputTooLarge { .. }
            | ScanError::EndlessPaging(_)
            | ScanError::Trapped(_)
            | ScanError::NotStarted(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_list_of_a_board_is_emptied_or_enlarged() {
        for (board, empty) in [
            (
                r#"{"meta":["x"],"jobs":[{"id":"1"},{"id":"2"}],"total":2}"#,
                r#"{"jobs":[],"meta":["x"],"total":2}"#,
            ),
            (r#"[{"id":1,"title":["Cook"]}]"#, "[]"),
            ("<a><item>1</item> <item>2</item></a>", "<a></a>"),
        ] {
            assert_eq!(
                String::from_utf8(emptied(board.as_bytes()).unwrap()).unwrap(),
                empty
            );
            let large = enlarged(board.as_bytes()).unwrap();
            assert!(
                (LARGE_BYTES..2 * LARGE_BYTES).contains(&large.len()),
                "{}",
                large.len()
            );
        }
        let long = format!("<item>{}</item>", "x".repeat(LARGE_BYTES / 100));
        let large = |body: String| enlarged(body.as_bytes()).unwrap().len();
        assert!(
            (LARGE_BYTES..LARGE_BYTES + LARGE_BYTES / 4).contains(&large(format!("<a>{long}</a>")))
        );
        assert!(
            (LARGE_BYTES..LARGE_BYTES + LARGE_BYTES / 4)
                .contains(&large(serde_json::json!([long, 1, 2]).to_string()))
        );
        let larger = format!("<a>{}</a>", "<item></item>".repeat(LARGE_BYTES / 10));
        assert_eq!(
            large(larger.clone()),
            larger.len(),
            "a large board is unchanged"
        );
        for none in ["", "{}", r#"{"jobs": []}"#, "<a></a>", "[]"] {
            assert_eq!(
                (emptied(none.as_bytes()), enlarged(none.as_bytes())),
                (None, None),
                "{none}"
            );
        }
    }
}
