//! Markup that was escaped once too often, as a whole or in parts.
//!
//! Some boards put an advertisement that is escaped (`&lt;p&gt;…`) before a footer that is not. A
//! text between two tags is judged alone, since a text may also mention a tag (`the &lt;p&gt; tag`)
//! or a type (`Vec&lt;T&gt;`).

use super::blocks::Element;

/// Tags that hardly any text mentions, but most markup has.
const CERTAIN: [&str; 10] = [
    "</p>", "</li>", "</ul>", "</ol>", "</div>", "</h2>", "</h3>", "<br>", "<br/>", "<br />",
];

/// The number of such tags that a text has only if it is markup.
const MANY: usize = 3;

/// Finds out which texts between the tags of a document are escaped markup.
#[derive(Debug, Default)]
pub(super) struct EscapedMarkup {
    /// True if a text of the document was escaped markup.
    found: bool,
}

impl EscapedMarkup {
    /// Returns true if this text, with its character references resolved, is markup. `is_first` is
    /// true before the first tag of the document, and `is_whole` if there is no tag after it.
    pub(super) fn is_markup(&mut self, text: &str, is_first: bool, is_whole: bool) -> bool {
        if !text.contains('<') {
            return false;
        }

        let text = text.trim();
        let begins = text.strip_prefix('<').is_some_and(is_known_tag);
        let certain = certain_tags(text);
        let is_markup = if self.found {
            // A tag that is not escaped may divide the markup anywhere.
            begins || certain > 0
        } else if is_first {
            begins || certain >= MANY || (is_whole && certain > 0)
        } else {
            (begins && certain > 0) || certain >= MANY
        };

        self.found |= is_markup;
        is_markup
    }
}

/// Counts the certain tags in a text, up to [`MANY`].
fn certain_tags(text: &str) -> usize {
    let places = text.match_indices('<').map(|(at, _)| &text[at..]);
    places
        .filter(|place| CERTAIN.iter().any(|tag| place.starts_with(tag)))
        .take(MANY)
        .count()
}

/// Returns true if a tag, without its `<`, is of a known element.
fn is_known_tag(tag: &str) -> bool {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let name = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();

    Element::named(name.as_bytes()) != Element::Inline
        || matches!(
            &*name,
            "a" | "b" | "em" | "font" | "i" | "span" | "strong" | "u"
        )
}

#[cfg(test)]
mod tests {
    use super::super::html_to_text;

    #[test]
    fn a_part_that_is_escaped_markup_is_unescaped_once() {
        for (html, text) in [
            (
                "&lt;p&gt;Bake&amp;nbsp;&lt;b&gt;bread&lt;/b&gt;.&lt;/p&gt;\n&lt;ul&gt;&lt;li&gt;R&amp;amp;D&lt;/li&gt;&lt;/ul&gt;\
                 <p>More <a href='/'>jobs</a> here</a>",
                "Bake bread.\n\n- R&D\n\nMore jobs here",
            ),
            (
                "<p>About us</p>&lt;p&gt;Bake.&lt;/p&gt;<p>Apply</p>",
                "About us\n\nBake.\n\nApply",
            ),
            (
                "<div>&lt;div&gt;a&lt;/div&gt;&lt;div&gt;b&lt;/div&gt;</div>",
                "a\nb",
            ),
            (
                "&lt;p&gt;See <a href='/'>here</a> for &lt;br&gt;more&lt;/p&gt;",
                "See here for\nmore",
            ),
            (
                "&lt;ul&gt;<br>&lt;li&gt;a&lt;/li&gt;<br>&lt;/ul&gt;<br>b",
                "- a\n\nb",
            ),
            (
                "Dear reader,&lt;br&gt;a&lt;br&gt;b&lt;br&gt;c<p>d</p>",
                "Dear reader,\na\nb\nc\n\nd",
            ),
            (
                "&lt;p&gt;Vec&amp;lt;T&amp;gt;&lt;/p&gt;<p>a</p>",
                "Vec<T>\n\na",
            ),
            ("&lt;script&gt;x<p>a</p>", "a"),
            ("&lt;div hidden&gt;x<p>a</p>", "a"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn a_part_that_mentions_tags_or_types_keeps_them() {
        for (html, text) in [
            (
                "<p>Rust: Vec&lt;T&gt; and Option&lt;String&gt;</p>",
                "Rust: Vec<T> and Option<String>",
            ),
            (
                "<ul><li>&lt;p&gt;</li><li>&lt;table&gt; layouts</li></ul>",
                "- <p>\n- <table> layouts",
            ),
            ("<p>Use &lt;p&gt; and &lt;/p&gt;</p>", "Use <p> and </p>"),
            ("<code>&lt;p&gt;Hello&lt;/p&gt;</code>", "<p>Hello</p>"),
            (
                "<pre>&lt;ul&gt;\n&lt;li&gt;a&lt;/li&gt;</pre>",
                "<ul>\n<li>a</li>",
            ),
            ("We love &lt;br&gt; <b>a lot</b>", "We love <br> a lot"),
            ("<p>&lt;b&gt;</p>", "<b>"),
            ("<p>growth &lt;PLG&gt; motion</p>", "growth <PLG> motion"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }
}
