//! Misbehaviour that needs a server.

use job_scanner_sdk::{Header, Outcome, Page, Request, Response, SourceError, send_all};

use crate::honest;

/// The request that a test asks for.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Ask {
    url: String,
    #[serde(default = "get")]
    method: String,
    /// A name and a value.
    header: Option<(String, String)>,
}

fn get() -> String {
    "GET".to_owned()
}

impl From<Ask> for Request {
    fn from(ask: Ask) -> Self {
        let mut request = Self {
            method: ask.method,
            repeatable: false,
            ..Self::get(ask.url)
        };
        request
            .headers
            .extend(ask.header.map(|(name, value)| Header { name, value }));
        request
    }
}

/// Sends a request. If the server never responds, this returns only when the host gives up.
pub(crate) fn hang(ask: Ask) -> Result<Outcome, SourceError> {
    let response = Request::from(ask).send()?.ok()?;
    Ok(honest::titled(response.status.to_string()))
}

/// Shows the test the status or the error that a guest sees.
pub(crate) fn fetch(ask: Ask) -> Outcome {
    honest::titled(status_or_error(&Request::from(ask).send()))
}

/// Shows the test the URL and the body that a guest sees, or the error.
pub(crate) fn fetch_whole(ask: Ask) -> Outcome {
    honest::titled(match Request::from(ask).send() {
        Ok(response) => format!(
            "{} said {}",
            response.url,
            String::from_utf8_lossy(&response.body)
        ),
        Err(error) => format!("{error:?}"),
    })
}

/// Sends many requests at once, and counts their results.
pub(crate) fn fetch_at_once(ask: Ask, times: usize) -> Outcome {
    let answers = send_all(&vec![Request::from(ask); times]);
    honest::titled(counted(answers.iter().map(status_or_error)))
}

/// Sends them one after the other.
pub(crate) fn fetch_in_turn(ask: Ask, times: usize) -> Outcome {
    let request = Request::from(ask);
    honest::titled(counted(
        (0..times).map(|_| status_or_error(&request.send())),
    ))
}

/// Claims that nothing has changed when the board responds with an error, without having compared
/// anything.
pub(crate) fn lie_unless_answered(ask: Ask) -> Result<Outcome, SourceError> {
    match Request::from(ask).send()?.ok() {
        Ok(_) => Ok(honest::jobs(1)),
        Err(_) => Ok(Outcome::NotModified),
    }
}

/// Reads another page after a conditional request that found nothing changed. On the second page it
/// claims that nothing has changed, which is too late.
pub(crate) fn lie_on_the_second_page(ask: Ask, is_second: bool) -> Result<Outcome, SourceError> {
    if is_second {
        return Ok(Outcome::NotModified);
    }
    let response = Request::from(ask).conditional().send()?.ok()?;
    let next = response.unchanged.then(|| "2".to_owned());
    Ok(Outcome::Page(Page {
        next,
        ..Page::whole_board(Vec::new())
    }))
}

fn status_or_error(answer: &Result<Response, SourceError>) -> String {
    match answer {
        Ok(response) => response.status.to_string(),
        Err(error) => format!("{error:?}"),
    }
}

/// Counts equal results, such as `2 × 200, 1 × Timeout`, in the order in which they first occur.
fn counted(answers: impl Iterator<Item = String>) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for answer in answers {
        match counts.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, count)) => *count += 1,
            None => counts.push((answer, 1)),
        }
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(answer, count)| format!("{count} × {answer}"))
        .collect();
    counts.join(", ")
}
