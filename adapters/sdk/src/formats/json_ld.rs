//! Linked data in pages for people: every `<script type="application/ld+json">` may hold some.

use serde_json::Value;

use super::schema_org;

/// What a page has of jobs.
#[derive(Debug, Default, PartialEq)]
pub struct Postings {
    /// Each a `JobPosting` of schema.org, in the page's order.
    pub found: Vec<Value>,
    /// Why a script that seems to have some could not be read, in words for a person.
    pub broken: Vec<String>,
}

/// The `JobPosting`s in a page. [`schema_org::raw_job`] reads one.
pub fn job_postings(page: &[u8]) -> Postings {
    let page = String::from_utf8_lossy(page);
    let mut postings = Postings::default();

    for script in scripts(&page) {
        match serde_json::from_str(&repaired(script)) {
            Ok(value) => collect(value, &mut postings.found),
            // Other data than jobs may be as broken as it likes.
            Err(error) if script.contains("JobPosting") => {
                postings.broken.push(format!("broken JSON-LD: {error}"));
            }
            Err(_) => {}
        }
    }

    postings
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

            if attributes
                .to_ascii_lowercase()
                .contains("application/ld+json")
            {
                return Some(body);
            }
        }
    })
}

/// Splits at a tag, in whatever case.
fn split_at_tag<'a>(text: &'a str, tag: &str) -> Option<(&'a str, &'a str)> {
    let is_tag = |&at: &usize| {
        text.as_bytes()[at..]
            .get(..tag.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
    };

    let at = text.match_indices('<').map(|(at, _)| at).find(is_tag)?;
    Some((&text[..at], &text[at + tag.len()..]))
}

/// Undoes what pages commonly do to their JSON: comments and CDATA marks around it, line breaks
/// within texts, commas before a closing bracket.
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

/// Postings may stand alone, in a list, or in a `@graph` among other things.
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
    fn only_postings_count() {
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
    fn postings_stand_in_lists_and_graphs() {
        let graph = r#"[{"@graph": [{"@type": "WebSite"}, {"@type": ["JobPosting"], "title": "A"}]},
            {"@type": "JobPosting", "title": "B"}]"#;
        assert_eq!(titles(&script(graph)), ["A", "B"]);
    }

    #[test]
    fn common_mistakes_in_json_are_forgiven() {
        for json in [
            "<!-- {\"@type\": \"JobPosting\", \"title\": \"Cook\",} -->",
            "//<![CDATA[\n{\"@type\": \"JobPosting\", \"title\": \"Cook\", \"description\": \"two\nlines, ]\\\"}\"}//]]>",
            "{\"@type\": [\"JobPosting\", ], \"title\": \"Cook\"};",
        ] {
            assert_eq!(titles(&script(json)), ["Cook"], "{json}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let Postings { found, broken } =
            job_postings(script(r#"{"@type": "JobPosting", "title": }"#).as_bytes());
        assert!(
            found.is_empty() && broken[0].starts_with("broken JSON-LD: "),
            "{broken:?}"
        );
        assert_eq!(
            job_postings(script("{broken").as_bytes()),
            Postings::default()
        );
    }
}
