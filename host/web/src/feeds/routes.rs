//! The routes of the feeds.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use job_scanner_core::causes::with_causes;
use tracing::error;

use crate::etag::conditional;
use crate::feeds::feed::Feed;
use crate::feeds::{atom, json_feed};
use crate::routes::{Access, Routes};
use crate::state::WebState;

/// The number of entries of a feed.
const ENTRIES: u32 = 100;

/// The formats with the endings of their files.
const FORMATS: [(&str, Format); 2] = [(".atom", Format::Atom), (".json", Format::Json)];

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Atom,
    Json,
}

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default().get("/feeds/{file}", Access::Feed, get_feed)
}

/// Returns the profile and the format that the name of a feed's file has, such as `default.atom`.
fn parse_file(file: &str) -> Option<(&str, Format)> {
    FORMATS
        .iter()
        .find_map(|(ending, format)| Some((file.strip_suffix(ending)?, *format)))
}

/// Returns the feed of a profile.
async fn get_feed(
    State(state): State<WebState>,
    Path(file): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some((profile, format)) = parse_file(&file).filter(|(name, _)| has_profile(&state, name))
    else {
        let message =
            "this feed does not exist; a feed is `/feeds/PROFILE.atom` or `/feeds/PROFILE.json`\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    };
    let entries = match state.store().feed_entries(profile, ENTRIES).await {
        Ok(entries) => entries,
        Err(failed) => {
            error!(error = with_causes(&failed), "cannot read a feed: {failed}");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };

    let feed = Feed {
        profile,
        address: address(&state, &uri),
        entries: &entries,
    };
    let (kind, text) = match format {
        Format::Atom => ("application/atom+xml; charset=utf-8", atom::write(&feed)),
        Format::Json => ("application/feed+json", json_feed::write(&feed)),
    };
    let response = ([(CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response();
    conditional(&headers, response).await
}

/// Returns the public address of the feed, without a key.
fn address(state: &WebState, uri: &Uri) -> Option<String> {
    let public = state.settings().public_url?;
    let public = public.as_str().trim_end_matches('/');
    Some(format!("{public}{}", uri.path()))
}

fn has_profile(state: &WebState, name: &str) -> bool {
    let pipeline = state.pipeline();
    let mut profiles = pipeline.context().scanner.config.profiles.iter();
    profiles.any(|profile| profile.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_has_the_profile_and_the_format() {
        for (file, parsed) in [
            ("default.atom", Some(("default", Format::Atom))),
            ("a.b c.json", Some(("a.b c", Format::Json))),
            (".atom", Some(("", Format::Atom))),
            ("default", None),
            ("default.xml", None),
        ] {
            assert_eq!(parse_file(file), parsed, "{file}");
        }
    }
}
