//! [JSON-LD](https://json-ld.org) in web pages, in elements `<script type="application/ld+json">`.

use serde_json::Value;

use super::schema_org;

/// The job postings in a page.
#[derive(Debug, Default, PartialEq)]
pub struct Postings {
    /// The postings, each a [`JobPosting`](https://schema.org/JobPosting), in the page's order.
    pub found: Vec<Value>,
    /// A message for the operator about each script that mentions a posting and cannot be parsed.
    pub unreadable: Vec<String>,
}

/// Finds the job postings in a page. [`schema_org::raw_job`] turns one into a job.
pub fn job_postings(page: &[u8]) -> Postings {
    let page = String::from_utf8_lossy(page);
    let mut postings = Postings::default();

    for script in scripts(&page) {
        match serde_json::from_str(&repaired(script)) {
            Ok(value) => collect(value, &mut postings.found),
            // Invalid data that is not about jobs does not matter.
            Err(error) if script.contains("JobPosting") => {
                postings
                    .unreadable
                    .push(format!("invalid JSON-LD: {error}"));
            }
            Err(_) => {}
        }
    }

    postings
}

/// Returns the content of each JSON-LD script.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let (_, tag) = split_at_tag(rest, "<script")?;
            let (attributes, body) = tag.split_once('>')?;
            let (body, after) = split_at_tag(body, "</script").unwrap_or((body, ""));
            rest = after;

            if attributes
                .to_ascii_lowercase()
                .contains("application/ld+json")
            {
                return Some(body);
            }
        }
    })
}

/// Splits at a tag. Case is ignored.
fn split_at_tag<'a>(text: &'a str, tag: &str) -> Option<(&'a str, &'a str)> {
    let is_tag = |&at: &usize| {
        text.as_bytes()[at..]
            .get(..tag.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
    };

    let at = text.match_indices('<').map(|(at, _)| at).find(is_tag)?;
    Some((&text[..at], &text[at + tag.len()..]))
}

/// Repairs common mistakes in the JSON of pages: comments and CDATA marks around it, line breaks in
/// strings, commas before a closing bracket.
fn repaired(script: &str) -> String {
    let mut text = script.trim();
    for (start, end) in [
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("<![CDATA[", "]]>"),
    ] {
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
        repaired.push(if character.is_control() {
            ' '
        } else {
            character
        });
    }

    repaired
}

/// Collects postings, which may be alone, in a list, or in a `@graph` with other data.
fn collect(value: Value, postings: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values
            .into_iter()
            .for_each(|value| collect(value, postings)),
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

    fn script(json: &str) -> String {
        format!(
            "<html><SCRIPT>var a = '<b>';</SCRIPT><script data-x type=\"application/ld+json\">{json}</Script><p>"
        )
    }

    fn titles(page: &str) -> Vec<String> {
        let found = job_postings(page.as_bytes()).found;
        found
            .iter()
            .map(|posting| posting["title"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn data_other_than_postings_is_ignored() {
        assert_eq!(
            titles(&script(r#"{"@type": "JobPosting", "title": "Cook"}"#)),
            ["Cook"]
        );
        for page in [
            &script(r#"{"@type": "Organization"}"#),
            "<p>no script",
            "<script type='application/ld+json'",
            "",
        ] {
            assert_eq!(job_postings(page.as_bytes()), Postings::default(), "{page}");
        }
    }

    #[test]
    fn postings_are_found_in_lists_and_graphs() {
        let graph = r#"[{"@graph": [{"@type": "WebSite"}, {"@type": ["JobPosting"], "title": "A"}]},
            {"@type": "JobPosting", "title": "B"}]"#;
        assert_eq!(titles(&script(graph)), ["A", "B"]);
    }

    #[test]
    fn common_mistakes_in_json_are_repaired() {
        for json in [
            "<!-- {\"@type\": \"JobPosting\", \"title\": \"Cook\",} -->",
            "//<![CDATA[\n{\"@type\": \"JobPosting\", \"title\": \"Cook\", \"description\": \"two\nlines, ]\\\"}\"}//]]>",
            "{\"@type\": [\"JobPosting\", ], \"title\": \"Cook\"};",
        ] {
            assert_eq!(titles(&script(json)), ["Cook"], "{json}");
        }
    }

    #[test]
    fn an_invalid_posting_is_reported() {
        let Postings { found, unreadable } =
            job_postings(script(r#"{"@type": "JobPosting", "title": }"#).as_bytes());
        assert!(
            found.is_empty() && unreadable[0].starts_with("invalid JSON-LD: "),
            "{unreadable:?}"
        );
        assert_eq!(
            job_postings(script("{broken").as_bytes()),
            Postings::default()
        );
    }
}
