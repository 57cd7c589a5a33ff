//! The mark-up of chat services: how each escapes text, and how long a message may be.
//!
//! A board's text must stay text: it must not format, link or mention anybody.

use std::fmt::Write as _;

/// The mark-up of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Text without mark-up.
    Plain,
    /// Slack's own, with `<url|text>` for links.
    Slack,
    /// Markdown, as Discord, Gotify and Apprise read it.
    Markdown,
    /// The few HTML elements of Telegram, with real line breaks.
    Telegram,
    /// HTML of Matrix, where a line break is an element.
    Matrix,
}

/// The longest text that a service accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// UTF-16 code units, as Telegram, Discord and Slack count.
    Utf16(usize),
    /// Bytes in UTF-8.
    Bytes(usize),
}

impl Markup {
    /// Returns text that the service shows as it is.
    pub(crate) fn escaped(self, text: &str) -> String {
        let mut escaped = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            match (self, c) {
                (Self::Slack | Self::Telegram | Self::Matrix, '&') => escaped.push_str("&amp;"),
                (Self::Slack | Self::Telegram | Self::Matrix, '<') => escaped.push_str("&lt;"),
                (Self::Slack | Self::Telegram | Self::Matrix, '>') => escaped.push_str("&gt;"),
                (Self::Telegram | Self::Matrix, '"') => escaped.push_str("&quot;"),
                // A word joiner is not shown. After one, neither `*bold*` nor `@name` is read as
                // mark-up, and there is no other escape for them. Apprise passes Markdown on to
                // services that know mentions, and without the backslash.
                (Self::Slack, '*' | '_' | '~' | '`' | '@')
                | (Self::Markdown | Self::Telegram | Self::Matrix, '@') => {
                    let _ = write!(escaped, "{c}\u{2060}");
                }
                (Self::Markdown, _) if c.is_ascii_punctuation() && !is_plain(c) => {
                    let _ = write!(escaped, "\\{c}");
                }
                _ => escaped.push(c),
            }
        }
        escaped
    }

    /// Returns a text in bold.
    pub(crate) fn bold(self, text: &str) -> String {
        let text = self.escaped(text);
        match self {
            Self::Plain => text,
            Self::Slack => format!("*{text}*"),
            Self::Markdown => format!("**{text}**"),
            Self::Telegram => format!("<b>{text}</b>"),
            Self::Matrix => format!("<strong>{text}</strong>"),
        }
    }

    /// Returns a text that is less important than the rest.
    pub(crate) fn small(self, text: &str) -> String {
        let text = self.escaped(text);
        match self {
            Self::Plain | Self::Slack | Self::Markdown => text,
            Self::Telegram => format!("<i>{text}</i>"),
            Self::Matrix => format!("<em>{text}</em>"),
        }
    }

    /// Returns a text in bold that leads to a page.
    pub(crate) fn link(self, text: &str, url: &str) -> String {
        let (text, url) = (self.escaped(text), self.target(url));
        match self {
            Self::Plain => format!("{text}\n{url}"),
            Self::Slack => format!("*<{url}|{text}>*"),
            Self::Markdown => format!("**[{text}](<{url}>)**"),
            Self::Telegram => format!("<b><a href=\"{url}\">{text}</a></b>"),
            Self::Matrix => format!("<strong><a href=\"{url}\">{text}</a></strong>"),
        }
    }

    /// Returns a rendered message with line breaks that the service shows. Values are single lines,
    /// so every line break is one of the template.
    pub(super) fn with_line_breaks(self, message: &str) -> String {
        match self {
            Self::Matrix => message.replace('\n', "<br>\n"),
            // Without the spaces, Markdown joins the lines.
            Self::Markdown => message.replace('\n', "  \n"),
            Self::Plain | Self::Slack | Self::Telegram => message.to_owned(),
        }
    }

    /// Returns a rendered message in which nothing mentions a group, whatever a template of the
    /// operator says. The values in it are escaped already.
    pub(crate) fn without_mentions(self, message: &str) -> String {
        let mut quiet = message.to_owned();
        // Mentions of Slack and Discord, to both of which Apprise passes Markdown on.
        let broken = match self {
            Self::Slack => "&lt;",
            _ => "<\u{2060}",
        };
        for mention in ["<!", "<@"] {
            quiet = quiet.replace(mention, &mention.replace('<', broken));
        }
        for group in ["@everyone", "@here", "@channel", "@room", "@all"] {
            quiet = quiet.replace(group, &group.replace('@', "@\u{2060}"));
        }
        quiet
    }

    /// Returns a URL as it is written within a link. Only characters that a URL may also encode
    /// change.
    fn target(self, url: &str) -> String {
        let encode = |c: char| match c {
            '@' | '|' | '<' | '>' | '"' | '\\' | '`' | '(' | ')' | '*' | '_' | '~' | ' ' => {
                Some(format!("%{:02X}", u32::from(c)))
            }
            _ => None,
        };
        match self {
            Self::Plain => url.to_owned(),
            // A word joiner after `@` would lead to another page.
            Self::Telegram | Self::Matrix => self.escaped(url).replace("@\u{2060}", "@"),
            Self::Slack => {
                let encoded = url.replace('|', "%7C");
                encoded
                    .replace('&', "&amp;")
                    .replace('<', "%3C")
                    .replace('>', "%3E")
            }
            Self::Markdown => url
                .chars()
                .map(|c| encode(c).unwrap_or_else(|| c.to_string()))
                .collect(),
        }
    }
}

/// Returns true for punctuation that is never mark-up within a line.
fn is_plain(c: char) -> bool {
    matches!(c, ',' | ';' | '\'' | '"' | '/' | '%' | '$' | '?' | '=')
}

impl Limit {
    /// Returns true if the service accepts a text of this length.
    pub(super) fn admits(self, text: &str) -> bool {
        match self {
            Self::Utf16(most) => text.encode_utf16().count() <= most,
            Self::Bytes(most) => text.len() <= most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_board_stays_text() {
        for (markup, text, escaped) in [
            (Markup::Plain, "<b> & *x*", "<b> & *x*"),
            (
                Markup::Slack,
                "<!everyone> & <u|v>",
                "&lt;!everyone&gt; &amp; &lt;u|v&gt;",
            ),
            (
                Markup::Slack,
                "@here *b*",
                "@\u{2060}here *\u{2060}b*\u{2060}",
            ),
            (
                Markup::Markdown,
                "[x](http://a) *b*",
                r"\[x\]\(http\://a\) \*b\*",
            ),
            (
                Markup::Markdown,
                "<@1> @everyone",
                "\\<@\u{2060}1\\> @\u{2060}everyone",
            ),
            (Markup::Telegram, "@channel", "@\u{2060}channel"),
            (Markup::Markdown, "C++, C# & Go", r"C\+\+, C\# \& Go"),
            (
                Markup::Telegram,
                "<a href=\"x\">&",
                "&lt;a href=&quot;x&quot;&gt;&amp;",
            ),
            (Markup::Matrix, "<script>", "&lt;script&gt;"),
        ] {
            assert_eq!(markup.escaped(text), escaped, "{markup:?}");
        }
    }

    #[test]
    fn a_url_cannot_end_its_link() {
        for (markup, url, target) in [
            (
                Markup::Slack,
                "https://a.example/?x=1&y=a|b>c",
                "https://a.example/?x=1&amp;y=a%7Cb%3Ec",
            ),
            (
                Markup::Markdown,
                "https://a.example/(x)>*y*",
                "https://a.example/%28x%29%3E%2Ay%2A",
            ),
            (
                Markup::Telegram,
                "https://a.example/\"?a&b",
                "https://a.example/&quot;?a&amp;b",
            ),
            (
                Markup::Matrix,
                "https://a.example/@jo",
                "https://a.example/@jo",
            ),
            (
                Markup::Markdown,
                "https://a.example/@jo",
                "https://a.example/%40jo",
            ),
        ] {
            assert_eq!(markup.target(url), target, "{markup:?}");
        }
    }

    #[test]
    fn lengths_are_counted_as_the_service_counts_them() {
        assert!(Limit::Utf16(2).admits("😀"));
        assert!(!Limit::Utf16(1).admits("😀"));
        assert!(Limit::Bytes(4).admits("😀"));
        assert!(!Limit::Bytes(3).admits("😀"));
    }
}
