//! The postings in a page's data, alone or inside of other data.

use serde_json::Value;

use super::names::Names;
use super::script::{repaired, scripts};

/// The properties that lead from other data to postings: from the page to its subject, from a graph
/// or a list to its elements.
const CONTAINERS: [&str; 4] = ["@graph", "mainEntity", "itemListElement", "item"];

/// The maximum number of containers around a posting. A graph that contains a page whose subject is
/// a list has five.
const MAX_DEPTH: usize = 8;

/// The maximum number of postings in a page. A page with all jobs of a large company has some
/// hundreds.
const MAX_POSTINGS: usize = 400;

/// The job postings in a page.
#[derive(Debug, Default, PartialEq)]
pub struct Postings {
    /// The postings, each a [`JobPosting`](https://schema.org/JobPosting), in the page's order.
    /// Their properties have plain names, such as `title`.
    pub found: Vec<Value>,
    /// A message for the operator about each script that mentions a posting and cannot be parsed,
    /// and about postings beyond the maximum.
    pub unreadable: Vec<String>,
}

/// Finds the job postings in a page. [`raw_job`](crate::schema_org::raw_job) turns one into a job.
pub fn job_postings(page: &[u8]) -> Postings {
    let page = String::from_utf8_lossy(page);
    let mut postings = Postings::default();

    for script in scripts(&page) {
        match serde_json::from_str(&repaired(script)) {
            Ok(value) => collect(value, &Names::default(), 0, &mut postings.found),
            // Invalid data that is not about jobs does not matter.
            Err(error) if script.contains("JobPosting") => {
                postings
                    .unreadable
                    .push(format!("invalid JSON-LD: {error}"));
            }
            Err(_) => {}
        }
    }

    if postings.found.len() > MAX_POSTINGS {
        postings.found.truncate(MAX_POSTINGS);
        postings
            .unreadable
            .push(format!("more than {MAX_POSTINGS} JobPostings"));
    }
    postings
}

/// Collects the postings in a value, one more than the maximum at most.
fn collect(value: Value, names: &Names, depth: usize, postings: &mut Vec<Value>) {
    if postings.len() > MAX_POSTINGS || depth > MAX_DEPTH {
        return;
    }

    match value {
        Value::Array(values) => {
            for value in values {
                collect(value, names, depth, postings);
            }
        }
        Value::Object(mut object) => {
            let names = names.inside(&object);
            if names.has_type(&object, "JobPosting") {
                postings.push(names.plain(Value::Object(object)));
                return;
            }
            for name in names.written(&object, &CONTAINERS) {
                if let Some(contained) = object.remove(&name) {
                    collect(contained, &names, depth + 1, postings);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str) -> Postings {
        let page = format!("<script type=\"application/ld+json\">{json}</script>");
        job_postings(page.as_bytes())
    }

    fn titles(json: &str) -> Vec<String> {
        let postings = found(json).found;
        let title = |posting: &Value| posting["title"].as_str().unwrap_or_default().to_owned();
        postings.iter().map(title).collect()
    }

    #[test]
    fn data_other_than_postings_is_ignored() {
        assert_eq!(
            titles(r#"{"@type": "JobPosting", "title": "Cook"}"#),
            ["Cook"]
        );
        assert_eq!(found(r#"{"@type": "Organization"}"#), Postings::default());
        assert_eq!(found("{broken"), Postings::default());
    }

    #[test]
    fn postings_are_found_inside_of_other_data() {
        for (json, expected) in [
            (
                r#"[{"@graph": [{"@type": "WebSite"}, {"@type": ["JobPosting"], "title": "A"}]},
                    {"@type": "JobPosting", "title": "B"}]"#,
                &["A", "B"][..],
            ),
            (
                r#"{"@type": "WebPage", "mainEntity": {"@type": "JobPosting", "title": "A"}}"#,
                &["A"],
            ),
            (
                r#"{"@context": {"s": "http://schema.org/"}, "@type": "s:ItemList", "s:itemListElement": [
                    {"@type": "s:ListItem", "s:item": {"@type": "s:JobPosting", "s:title": "A"}},
                    {"@type": "s:JobPosting", "s:title": "B"}]}"#,
                &["A", "B"],
            ),
            (
                r#"{"@graph": [{"@type": "CollectionPage", "mainEntity": {"@type": "ItemList",
                    "itemListElement": [[{"item": [{"@type": "JobPosting", "title": "A"}]}]]}}]}"#,
                &["A"],
            ),
        ] {
            assert_eq!(titles(json), expected, "{json}");
        }
    }

    #[test]
    fn postings_are_found_up_to_a_depth_and_a_number() {
        let nested = |depth: usize| {
            let (start, end) = (r#"{"item": "#.repeat(depth), "}".repeat(depth));
            format!(r#"{start}{{"@type": "JobPosting", "title": "A"}}{end}"#)
        };
        assert_eq!(titles(&nested(MAX_DEPTH)), ["A"]);
        assert!(titles(&nested(MAX_DEPTH + 1)).is_empty());

        let posting = r#"{"@type": "JobPosting", "title": "A"}"#;
        let list = |number: usize| format!("[{}]", vec![posting; number].join(","));
        assert!(found(&list(MAX_POSTINGS)).unreadable.is_empty());
        let many = found(&list(MAX_POSTINGS + 2));
        assert_eq!(
            (many.found.len(), many.unreadable),
            (MAX_POSTINGS, vec!["more than 400 JobPostings".to_owned()])
        );
    }

    #[test]
    fn an_invalid_posting_is_reported() {
        let Postings { found, unreadable } = found(r#"{"@type": "JobPosting", "title": }"#);
        assert!(
            found.is_empty() && unreadable[0].starts_with("invalid JSON-LD: "),
            "{unreadable:?}"
        );
    }
}
