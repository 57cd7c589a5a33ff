//! The input is the HTML of a description.

use job_scanner_core::normalize::html_to_text;
use job_scanner_core::raw::{Description, RawJob};

use crate::normalized::{assert_clean, normalize, raw};

/// The largest ratio of output to input bytes: a byte that is not a character becomes U+FFFD, which
/// has three.
const MAX_GROWTH: usize = 3;

/// Checks that the text of HTML is clean and bounded by the length of the HTML. It must be the same
/// as the plain text of the same words, and must not change when it is written as HTML and read
/// again.
pub fn check(html: &str) {
    let text = html_to_text(html);
    assert_clean(&text, true);
    assert!(
        text.len() <= MAX_GROWTH * html.len(),
        "{} bytes of {}",
        text.len(),
        html.len()
    );
    assert_eq!(html_to_text(&written_as_html(&text)), text);

    let kept = description(Description::Html(html.to_owned()));
    assert_eq!(kept, description(Description::Text(text)));
    assert_clean(&kept, true);
}

/// Returns the text as code, since escaped markup outside of code is read as markup.
fn written_as_html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "<br>");
    format!("<div><code>{escaped}</code></div>")
}

fn description(given: Description) -> String {
    let (job, _) = normalize(RawJob {
        description: Some(given),
        ..raw()
    });
    job.description.unwrap_or_default()
}
