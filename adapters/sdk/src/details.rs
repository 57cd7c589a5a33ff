//! Details of boards that take one request per job.

use crate::{Detail, RawJob, Request, Response, SourceError, Wanted, send_all};

/// Fetches the details of jobs concurrently, with one request per job.
///
/// `request` builds the request for a job. `read` turns a successful response into a job.
///
/// A job whose page does not exist (404, 410) is [`Detail::Gone`], and so is one for which `read`
/// returns [`SourceError::NotFound`]. Any other error is [`Detail::Failed`] and affects that job
/// alone.
pub fn fetch_each(
    wanted: &[Wanted],
    request: impl Fn(&Wanted) -> Request,
    read: impl Fn(&Wanted, Response) -> Result<RawJob, SourceError>,
) -> Vec<(String, Detail)> {
    fetch_each_accepted(wanted, request, Response::ok, read)
}

/// Like [`fetch_each`], for boards whose statuses have a meaning of their own.
///
/// `accept` replaces [`Response::ok`]: it returns a successful response, or the error that the
/// response means.
pub fn fetch_each_accepted(
    wanted: &[Wanted],
    request: impl Fn(&Wanted) -> Request,
    accept: impl Fn(Response) -> Result<Response, SourceError>,
    read: impl Fn(&Wanted, Response) -> Result<RawJob, SourceError>,
) -> Vec<(String, Detail)> {
    let requests: Vec<Request> = wanted.iter().map(request).collect();
    let responses = send_all(&requests);

    let details = wanted.iter().zip(responses).map(|(job, response)| {
        let accepted = response.and_then(&accept);
        let detail = detail(accepted, |response| read(job, response));
        (job.external_id.clone(), detail)
    });
    details.collect()
}

fn detail(
    response: Result<Response, SourceError>,
    read: impl Fn(Response) -> Result<RawJob, SourceError>,
) -> Detail {
    match response.and_then(read) {
        Ok(job) => Detail::Found(job),
        Err(SourceError::NotFound(_)) => Detail::Gone,
        Err(error) => Detail::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail_of(status: u16, error: &SourceError) -> Detail {
        let url = "https://api.example.com/jobs/7".to_owned();
        let response = Response {
            status,
            url,
            headers: Vec::new(),
            body: b"{}".to_vec(),
            unchanged: false,
        };
        detail(response.ok(), |_| Err(error.clone()))
    }

    #[test]
    fn a_missing_page_and_a_not_found_error_mean_that_a_job_is_gone() {
        let no_text = &SourceError::UnexpectedResponse("no text".to_owned());
        assert_eq!(detail_of(404, no_text), Detail::Gone);
        assert_eq!(detail_of(410, no_text), Detail::Gone);
        assert_eq!(
            detail_of(200, &SourceError::NotFound("it is over".to_owned())),
            Detail::Gone
        );
        assert!(matches!(
            detail_of(500, no_text),
            Detail::Failed(SourceError::Upstream(_))
        ));
        assert!(matches!(
            detail_of(200, no_text),
            Detail::Failed(SourceError::UnexpectedResponse(_))
        ));
    }
}
