//! Descriptions, assembled from the parts that Lever provides.
//!
//! Lever also provides the description as plain text, but without the sections. The description is
//! therefore built from the HTML, in the order of Lever's own page.

use job_scanner_sdk::html;

use crate::api::{Posting, Section};

/// Returns the description as HTML. Empty if the posting has no text.
pub(crate) fn description(posting: &Posting<'_>) -> String {
    let sections = posting.lists.iter().flatten().map(section);
    let whole = |part: &job_scanner_sdk::Text<'_>| part.trimmed().to_owned();
    let first = std::iter::once(whole(&posting.description));
    let last = [
        whole(&posting.salary_description),
        whole(&posting.additional),
    ];
    let parts: Vec<String> = first
        .chain(sections)
        .chain(last)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}

fn section(section: &Section<'_>) -> String {
    let (heading, content) = (section.text.trimmed(), section.content.trimmed());
    let heading = if heading.is_empty() {
        String::new()
    } else {
        format!("<h3>{}</h3>\n", html::escape(heading))
    };
    if has_bare_items(content) {
        format!("{heading}<ul>{content}</ul>")
    } else {
        format!("{heading}{content}")
    }
}

/// Returns true if there are list items without a list around them.
fn has_bare_items(content: &str) -> bool {
    let has = |tag: &str| {
        content.match_indices('<').any(|(at, _)| {
            let rest = &content.as_bytes()[at + 1..];
            let named =
                rest.len() >= tag.len() && rest[..tag.len()].eq_ignore_ascii_case(tag.as_bytes());
            named && !rest.get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
        })
    };
    has("li") && !has("ul") && !has("ol")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(posting: &str) -> String {
        let rest = r#""id": "1", "text": "Cook", "hostedUrl": "https://a.example/1""#;
        description(&serde_json::from_str(&format!("{{{posting}, {rest}}}")).expect("a posting"))
    }

    #[test]
    fn parts_are_in_the_order_of_the_page() {
        let whole = text(
            r#""additional": "<p>Apply!</p>", "salaryDescription": "<p>Well paid</p>", "description": " <p>Hello</p>\n",
               "lists": [{"text": "You cook & bake", "content": "<li>soup</li><li>bread</li>"}]"#,
        );
        assert_eq!(
            whole,
            "<p>Hello</p>\n<h3>You cook &amp; bake</h3>\n<ul><li>soup</li><li>bread</li></ul>\n<p>Well paid</p>\n<p>Apply!</p>"
        );
    }

    #[test]
    fn only_items_without_a_list_get_one() {
        for (content, bare) in [
            ("\n<li>soup</li>", true),
            ("<div>\n<LI class='a'>soup</LI></div>", true),
            ("<ul><li>soup</li></ul>", false),
            ("<p>first</p><ol start='2'><li>soup</li></ol>", false),
            ("<p>a <link> and <lion></p>", false),
            ("", false),
        ] {
            assert_eq!(has_bare_items(content), bare, "{content}");
        }
    }

    #[test]
    fn a_posting_without_text_has_no_description() {
        assert_eq!(
            text(
                r#""description": "", "lists": [{"text": "", "content": ""}], "additional": null"#
            ),
            ""
        );
        assert_eq!(text(r#""lists": null"#), "");
    }
}
