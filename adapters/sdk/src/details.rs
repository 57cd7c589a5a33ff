//! Details from boards that answer one request a job.

use crate::{Detail, RawJob, Request, Response, SourceError, Wanted, send_all};

/// Asks for each job side by side. `request` makes the request for a job, `read` reads its answer,
/// which is a success. A job whose page is not there any more (404, 410) is gone, and so is one
/// whose answer says so: `read` returns `not-found` then. Any other failure concerns that job
/// alone.
pub fn fetch_each(
    wanted: &[Wanted],
    request: impl Fn(&Wanted) -> Request,
    read: impl Fn(&Wanted, Response) -> Result<RawJob, SourceError>,
) -> Vec<(String, Detail)> {
    fetch_each_accepted(wanted, request, Response::ok, read)
}

/// The same for a board whose statuses mean something else: `accept` lets a success pass, as
/// [`Response::ok`] does.
pub fn fetch_each_accepted(
    wanted: &[Wanted],
    request: impl Fn(&Wanted) -> Request,
    accept: impl Fn(Response) -> Result<Response, SourceError>,
    read: impl Fn(&Wanted, Response) -> Result<RawJob, SourceError>,
) -> Vec<(String, Detail)> {
    let requests: Vec<Request> = wanted.iter().map(request).collect();
    let answers = send_all(&requests);

    let details = wanted.iter().zip(answers).map(|(job, answer)| {
        let accepted = answer.and_then(&accept);
        let detail = detail(accepted, |response| read(job, response));
        (job.external_id.clone(), detail)
    });
    details.collect()
}

fn detail(
    answer: Result<Response, SourceError>,
    read: impl Fn(Response) -> Result<RawJob, SourceError>,
) -> Detail {
    match answer.and_then(read) {
        Ok(job) => Detail::Found(job),
        Err(SourceError::NotFound(_)) => Detail::Gone,
        Err(error) => Detail::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, read: &SourceError) -> Detail {
        let url = "https://api.example.com/jobs/7".to_owned();
        let response = Response {
            status,
            url,
            headers: Vec::new(),
            body: b"{}".to_vec(),
            unchanged: false,
        };
        detail(response.ok(), |_| Err(read.clone()))
    }

    #[test]
    fn a_missing_page_or_its_own_words_say_that_a_job_is_gone() {
        let no_text = &SourceError::UnexpectedResponse("no text".to_owned());
        assert_eq!(answered(404, no_text), Detail::Gone);
        assert_eq!(answered(410, no_text), Detail::Gone);
        assert_eq!(
            answered(200, &SourceError::NotFound("it is over".to_owned())),
            Detail::Gone
        );
        assert!(matches!(
            answered(500, no_text),
            Detail::Failed(SourceError::Upstream(_))
        ));
        assert!(matches!(
            answered(200, no_text),
            Detail::Failed(SourceError::UnexpectedResponse(_))
        ));
    }
}
