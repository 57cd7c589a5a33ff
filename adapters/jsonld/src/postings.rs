//! The jobs in a page: every `<script type="application/ld+json">` may hold some.

use job_scanner_sdk::{RawJob, schema_org};
use serde_json::Value;

/// The jobs in a page at that address. A posting without a title is told in `unread`, and so is one in a script that is
/// no JSON.
///
/// The address is the id: what pages call their identifier may be the company's name. Where a page has several, the
/// identifier tells them apart.
pub fn jobs(page: &[u8], address: &str, unread: &mut Vec<String>) -> Vec<RawJob> {
    let page = String::from_utf8_lossy(page);
    let mut postings = Vec::new();
    for script in scripts(&page) {
        match serde_json::from_str(&repaired(script)) {
            Ok(value) => collect(value, &mut postings),
            // Other data than jobs may be as broken as it likes.
            Err(error) if script.contains("JobPosting") => unread.push(format!("{address}: broken JSON-LD: {error}")),
            Err(_) => {}
        }
    }
    let are_several = postings.len() > 1;
    let jobs = postings.iter().filter_map(|posting| {
        let job = schema_org::raw_job(posting);
        if job.title.is_empty() {
            unread.push(format!("{address}: a JobPosting without a title"));
            return None;
        }
        let id = if are_several { format!("{address}#{}", own_id(&job)) } else { address.to_owned() };
        let url = if job.url.starts_with("http") { job.url } else { address.to_owned() };
        Some(RawJob { external_id: id, url, ..job })
    });
    jobs.collect()
}

fn own_id(job: &RawJob) -> &str {
    if job.external_id.is_empty() { &job.title } else { &job.external_id }
}

/// What stands between the tags of each script of linked data.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let (_, tag) = split_at_tag(rest, "<script")?;
            let (attributes, body) = tag.split_once('>')?;
            let (body, after) = split_at_tag(body, "</script").unwrap_or((body, ""));
            rest = after;
            if attributes.to_ascii_lowercase().contains("application/ld+json") {
                return Some(body);
            }
        }
    })
}

/// Splits at a tag, in whatever case.
fn split_at_tag<'a>(text: &'a str, tag: &str) -> Option<(&'a str, &'a str)> {
    let candidates = text.match_indices('<').map(|(at, _)| at);
    let is_tag =
        |&at: &usize| text.as_bytes()[at..].get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()));
    let at = candidates.into_iter().find(is_tag)?;
    Some((&text[..at], &text[at + tag.len()..]))
}

/// Undoes what pages commonly do to their JSON: comments and CDATA marks around it, line breaks within texts, commas
/// before a closing bracket.
fn repaired(script: &str) -> String {
    let mut text = script.trim();
    for (start, end) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>")] {
        text = text.strip_prefix(start).unwrap_or(text).trim();
        text = text.strip_suffix(end).unwrap_or(text).trim();
    }
    let text = text.trim_end_matches(';');
    let mut repaired = String::with_capacity(text.len());
    let (mut in_text, mut is_escaped) = (false, false);
    for character in text.chars() {
        match character {
            '"' if !is_escaped => in_text = !in_text,
            '}' | ']' if !in_text => {
                let kept = repaired.trim_end();
                let kept = kept.strip_suffix(',').unwrap_or(kept).len();
                repaired.truncate(kept);
            }
            _ => {}
        }
        is_escaped = in_text && character == '\\' && !is_escaped;
        repaired.push(if character.is_control() { ' ' } else { character });
    }
    repaired
}

/// Postings may stand alone, in a list, or in a `@graph` among other things.
fn collect(value: Value, postings: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| collect(value, postings)),
        posting if schema_org::is_job_posting(&posting) => postings.push(posting),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                collect(graph, postings);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> (Vec<(String, String)>, Vec<String>) {
        let mut unread = Vec::new();
        let jobs = jobs(page.as_bytes(), "https://a.example/1", &mut unread);
        (jobs.into_iter().map(|job| (job.external_id, job.title)).collect(), unread)
    }

    fn script(json: &str) -> String {
        format!("<html><SCRIPT>var a = '<b>';</SCRIPT><script data-x type=\"application/ld+json\">{json}</Script><p>")
    }

    #[test]
    fn a_page_is_a_job_and_one_without_a_posting_is_none() {
        let (jobs, unread) = read(&script(r#"{"@type": "JobPosting", "title": "Cook", "identifier": "Acme"}"#));
        assert_eq!(jobs, [("https://a.example/1".to_owned(), "Cook".to_owned())]);
        assert!(unread.is_empty());
        assert_eq!(read(&script(r#"{"@type": "Organization"}"#)), (vec![], vec![]));
        assert_eq!(read("<p>no script"), (vec![], vec![]));
        assert_eq!(read("<script type='application/ld+json'"), (vec![], vec![]));
    }

    #[test]
    fn postings_stand_in_lists_and_graphs() {
        let graph = r#"[{"@graph": [{"@type": "WebSite"}, {"@type": ["JobPosting"], "title": "A", "identifier": 7}]},
            {"@type": "JobPosting", "title": "B"}]"#;
        let (jobs, _) = read(&script(graph));
        let ids: Vec<_> = jobs.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["https://a.example/1#7", "https://a.example/1#B"]);
    }

    #[test]
    fn common_mistakes_in_json_are_forgiven() {
        for json in [
            "<!-- {\"@type\": \"JobPosting\", \"title\": \"Cook\",} -->",
            "//<![CDATA[\n{\"@type\": \"JobPosting\", \"title\": \"Cook\", \"description\": \"two\nlines, ]\\\"}\"}//]]>",
            "{\"@type\": [\"JobPosting\", ], \"title\": \"Cook\"};",
        ] {
            assert_eq!(read(&script(json)).0.len(), 1, "{json}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let (jobs, unread) = read(&script(r#"{"@type": "JobPosting", "title": }"#));
        assert!(jobs.is_empty() && unread[0].starts_with("https://a.example/1: broken JSON-LD: "), "{unread:?}");
        assert_eq!(read(&script(r#"{"@type": "JobPosting"}"#)).1.len(), 1);
        assert_eq!(read(&script("{broken")), (vec![], vec![]));
    }
}
