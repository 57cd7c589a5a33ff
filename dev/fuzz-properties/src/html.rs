//! The input is the HTML of a description.

use job_scanner_core::normalize::html_to_text;
use job_scanner_core::raw::{Description, RawJob};

use crate::normalized::{assert_clean, normalize, raw};

/// At worst three times as many bytes come out as go in: a byte that is no character becomes
/// U+FFFD.
const MOST_GROWTH: usize = 3;

/// Text from HTML is clean, bounded by the HTML, says what plain text with the same words says, and
/// reads back from HTML that was written of it.
pub fn check(html: &str) {
    let text = html_to_text(html);
    assert_clean(&text, true);
    assert!(
        text.len() <= MOST_GROWTH * html.len(),
        "{} bytes of {}",
        text.len(),
        html.len()
    );
    assert_eq!(html_to_text(&written_as_html(&text)), text);

    let kept = description(Description::Html(html.to_owned()));
    assert_eq!(kept, description(Description::Text(text)));
    assert_clean(&kept, true);
}

fn written_as_html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "<br>");
    format!("<div>{escaped}</div>")
}

fn description(given: Description) -> String {
    let (job, _) = normalize(RawJob {
        description: Some(given),
        ..raw()
    });
    job.description.unwrap_or_default()
}
