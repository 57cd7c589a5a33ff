//! Conversions between the generated types of this version and the host's own types.

use std::time::Duration;

use job_scanner_core::escape::Printable;
use job_scanner_core::raw::{Description, PayPeriod, RawJob, RawLocation, Salary, Workplace};

use crate::contract::v0_1::bindings::exports::job_scanner::source::details;
use crate::contract::v0_1::bindings::job_scanner::source::{http, types};
use crate::error::ScanError;
use crate::http::{HttpRequest, HttpResponse};
use crate::scan::page::{DetailResult, Page, PageOutcome, PageRequest};

/// The number of bytes that are kept of an adapter's error message.
const MAX_REASON_BYTES: usize = 1024;

impl From<&PageRequest> for types::FetchRequest {
    fn from(request: &PageRequest) -> Self {
        Self {
            identifier: request.identifier.clone(),
            options: request.options.clone(),
            cursor: request.cursor.clone(),
            state: request.state.clone(),
            max_jobs: request.max_jobs,
            now: request.now.clone(),
        }
    }
}

impl From<types::Outcome> for PageOutcome {
    fn from(outcome: types::Outcome) -> Self {
        match outcome {
            types::Outcome::Page(page) => Self::Page(page.into()),
            types::Outcome::NotModified => Self::NotModified,
        }
    }
}

impl From<types::Page> for Page {
    fn from(page: types::Page) -> Self {
        Self {
            jobs: page.jobs.into_iter().map(RawJob::from).collect(),
            next: page.next,
            state: page.state,
            total: page.total,
            window: matches!(page.coverage, types::Coverage::Window),
            warnings: page.warnings,
        }
    }
}

impl From<types::RawJob> for RawJob {
    fn from(job: types::RawJob) -> Self {
        Self {
            external_id: job.external_id,
            title: job.title,
            url: job.url,
            apply_url: job.apply_url,
            company: job.company,
            department: job.department,
            locations: job.locations.into_iter().map(RawLocation::from).collect(),
            workplace: job.workplace.map(Workplace::from),
            employment_type: job.employment_type,
            salary: job.salary.map(Salary::from),
            description: job.description.map(Description::from),
            language: job.language,
            posted_at: job.posted_at,
            updated_at: job.updated_at,
            expires_at: job.expires_at,
            revision: job.revision,
            extra: job.extra,
        }
    }
}

impl From<types::Location> for RawLocation {
    fn from(location: types::Location) -> Self {
        Self {
            name: location.name,
            city: location.city,
            region: location.region,
            country: location.country,
        }
    }
}

impl From<types::Workplace> for Workplace {
    fn from(workplace: types::Workplace) -> Self {
        match workplace {
            types::Workplace::OnSite => Self::OnSite,
            types::Workplace::Hybrid => Self::Hybrid,
            types::Workplace::Remote => Self::Remote,
        }
    }
}

impl From<types::Salary> for Salary {
    fn from(salary: types::Salary) -> Self {
        Self {
            min: salary.min,
            max: salary.max,
            currency: salary.currency,
            period: salary.period.map(PayPeriod::from),
            text: salary.text,
        }
    }
}

impl From<types::PayPeriod> for PayPeriod {
    fn from(period: types::PayPeriod) -> Self {
        match period {
            types::PayPeriod::Hour => Self::Hour,
            types::PayPeriod::Day => Self::Day,
            types::PayPeriod::Week => Self::Week,
            types::PayPeriod::Month => Self::Month,
            types::PayPeriod::Year => Self::Year,
        }
    }
}

impl From<types::Description> for Description {
    fn from(description: types::Description) -> Self {
        match description {
            types::Description::Html(html) => Self::Html(html),
            types::Description::Text(text) => Self::Text(text),
            types::Description::Deferred(token) => Self::Deferred(token),
        }
    }
}

impl From<details::Detail> for DetailResult {
    fn from(detail: details::Detail) -> Self {
        match detail {
            details::Detail::Found(job) => Self::Found(Box::new(job.into())),
            details::Detail::Gone => Self::Gone,
            details::Detail::Failed(error) => Self::Failed(error.into()),
        }
    }
}

impl From<types::SourceError> for ScanError {
    fn from(error: types::SourceError) -> Self {
        match error {
            types::SourceError::NotFound(message) => Self::NotFound(reason(&message)),
            types::SourceError::Unauthorized(message) => Self::Unauthorized(reason(&message)),
            types::SourceError::InvalidOptions(message) => Self::InvalidOptions(reason(&message)),
            types::SourceError::RateLimited(seconds) => Self::RateLimited {
                retry_after: seconds.map(|seconds| Duration::from_secs(seconds.into())),
            },
            types::SourceError::Blocked(message) => Self::Blocked(reason(&message)),
            types::SourceError::Upstream((status, message)) => Self::Upstream {
                status,
                message: reason(&message),
            },
            types::SourceError::Network(message) => Self::Network(reason(&message)),
            types::SourceError::UnexpectedResponse(message) => {
                Self::UnexpectedResponse(reason(&message))
            }
            types::SourceError::Other((code, message)) => Self::Other {
                code: reason(&code),
                message: reason(&message),
            },
        }
    }
}

/// Truncates an adapter's error message and escapes it for printing.
fn reason(message: &str) -> String {
    Printable(message).cut(MAX_REASON_BYTES)
}

impl From<http::Request> for HttpRequest {
    fn from(request: http::Request) -> Self {
        Self {
            method: request.method,
            url: request.url,
            headers: request
                .headers
                .into_iter()
                .map(|header| (header.name, header.value))
                .collect(),
            body: request.body,
            conditional: request.conditional,
            repeatable: request.repeatable,
            follow_redirects: matches!(request.redirects, http::Redirects::Follow),
        }
    }
}

impl From<HttpResponse> for http::Response {
    fn from(response: HttpResponse) -> Self {
        Self {
            status: response.status,
            url: response.url,
            headers: response
                .headers
                .into_iter()
                .map(|(name, value)| types::Header { name, value })
                .collect(),
            body: response.body,
            unchanged: response.unchanged,
        }
    }
}
