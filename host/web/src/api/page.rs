//! Pages of a list: their parameters, and the link to the next one.
//!
//! A page begins after the last entry of the page before, so it stays the same while new entries
//! arrive, and a deep page costs no more than the first one.

use std::str::FromStr;

use axum::http::header::{CONTENT_TYPE, LINK};
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse as _, Response};
use job_scanner_views::json::json;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::api::problem::{ApiProblem, quoted};

/// The number of entries on a page, if the client does not choose it.
const DEFAULT_LIMIT: u32 = 50;

/// The maximum number of entries on a page.
const MAX_LIMIT: u32 = 200;

/// The parameters of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParams {
    /// The cursor of the link `next` of the page before.
    after: Option<String>,
    /// The maximum number of entries, from 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// The range of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRange<C> {
    /// The last entry of the page before; `None` on the first page.
    pub(crate) after: Option<C>,
    pub(crate) limit: u32,
}

impl PageParams {
    pub(crate) fn range<C: FromStr>(&self) -> Result<PageRange<C>, ApiProblem> {
        range(self.after.as_deref(), self.limit)
    }
}

/// Reads the range of a page.
pub(crate) fn range<C: FromStr>(
    after: Option<&str>,
    limit: Option<u32>,
) -> Result<PageRange<C>, ApiProblem> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let wrong = format!("`limit` is {limit}; write a number from 1 to {MAX_LIMIT}");
        return Err(ApiProblem::bad_request(wrong));
    }
    let parse = |after: &str| {
        let wrong = |_| {
            let after = quoted(after);
            let remedy = "take it from the link `next` of the page before";
            ApiProblem::bad_request(format!(
                "`after` is {after}, which is not a cursor; {remedy}"
            ))
        };
        after.parse().map_err(wrong)
    };
    Ok(PageRange {
        after: after.map(parse).transpose()?,
        limit,
    })
}

impl<C> PageRange<C> {
    /// Returns the number of entries to read: one more than the page has, to know if there are
    /// more.
    pub(crate) fn read_limit(&self) -> u32 {
        self.limit + 1
    }

    /// Removes the entry that is on the next page, and returns the cursor of that page.
    pub(crate) fn cut<T>(&self, entries: &mut Vec<T>, cursor: impl Fn(&T) -> C) -> Option<C> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if entries.len() <= limit {
            return None;
        }
        entries.truncate(limit);
        entries.last().map(cursor)
    }
}

/// Returns a page as JSON. `next` is the cursor of the next page, for the header `Link`
/// ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
pub(crate) fn page<T: Serialize>(
    uri: &Uri,
    entries: &[T],
    next: Option<String>,
) -> Result<Response, ApiProblem> {
    let mut response = as_json(entries)?;
    let link = next.map(|next| link_to(uri, &next));
    if let Some(Ok(link)) = link.map(|link| HeaderValue::from_str(&link)) {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// Returns a value as JSON, as the command line prints it.
pub(crate) fn as_json<T: Serialize + ?Sized>(value: &T) -> Result<Response, ApiProblem> {
    let kind = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, kind)], json(value)?).into_response())
}

/// Returns the link to the page after `cursor`, with the other parameters of this page.
fn link_to(uri: &Uri, cursor: &str) -> String {
    let others = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let others = others.filter(|(name, _)| name != "after");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others).append_pair("after", cursor);
    format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_limits_and_a_cursor() {
        let read = |after, limit| range::<i64>(after, limit).map_err(|problem| problem.detail);
        let first = PageRange {
            after: None,
            limit: 50,
        };
        assert_eq!(read(None, None), Ok(first));
        let last = PageRange {
            after: Some(7),
            limit: 200,
        };
        assert_eq!(read(Some("7"), Some(200)), Ok(last));
        for limit in [0, 201] {
            let wrong = format!("`limit` is {limit}; write a number from 1 to 200");
            assert_eq!(read(None, Some(limit)), Err(wrong));
        }
        assert!(
            read(Some("\u{1b}x"), None)
                .unwrap_err()
                .contains("`\\u{1b}x`")
        );
    }

    #[test]
    fn a_full_page_links_to_the_next_one_with_the_same_parameters() {
        let range = PageRange {
            after: Some(9),
            limit: 2,
        };
        let mut entries = vec![8, 7, 6];
        assert_eq!(range.cut(&mut entries, |entry| *entry), Some(7));
        assert_eq!(entries, [8, 7]);
        assert_eq!(range.cut(&mut entries, |entry| *entry), None);

        let uri = "/api/v1/jobs?after=9&profile=a%26b&limit=2"
            .parse()
            .unwrap();
        assert_eq!(
            link_to(&uri, "7"),
            "</api/v1/jobs?profile=a%26b&limit=2&after=7>; rel=\"next\""
        );
    }
}
