//! The elements `<script type="application/ld+json">` of a page, and the repair of their JSON.

/// Returns the content of each JSON-LD script.
pub(super) fn scripts(page: &str) -> impl Iterator<Item = &str> {
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
pub(super) fn repaired(script: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn content(page: &str) -> Vec<&str> {
        scripts(page).collect()
    }

    #[test]
    fn only_scripts_of_json_ld_are_read() {
        let page = "<html><SCRIPT>var a = '<b>';</SCRIPT>\
            <script data-x type=\"application/ld+json\">{\"a\": 1}</Script><p>";
        assert_eq!(content(page), ["{\"a\": 1}"]);
        for page in ["<p>no script", "<script type='application/ld+json'", ""] {
            assert!(content(page).is_empty(), "{page}");
        }
    }

    #[test]
    fn common_mistakes_in_json_are_repaired() {
        for (json, expected) in [
            ("<!-- {\"a\": \"b\",} -->", "{\"a\": \"b\"}"),
            (
                "//<![CDATA[\n{\"a\": \"two\nlines, ]\\\"}\"}//]]>",
                "{\"a\": \"two lines, ]\\\"}\"}",
            ),
            ("{\"a\": [\"b\", ]};", "{\"a\": [\"b\"]}"),
        ] {
            assert_eq!(repaired(json), expected, "{json}");
        }
    }
}
