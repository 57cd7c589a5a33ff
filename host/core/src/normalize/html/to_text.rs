//! Conversion of HTML to text in one pass over a standard-conforming tokenizer, without a tree.
//!
//! The rules: a block begins a line, and a paragraph has a blank line around it. List items become
//! `- item`, one per line. Cells of a table row are separated by ` | `. Scripts, styles, titles,
//! frames, templates and comments are dropped with their content. Everything else is text. A
//! `<head>` needs no rule: its usual content is dropped anyway, and any other text ends it, as in
//! browsers.
//!
//! Not here: the effects of elements (`blocks`), white space and invisible characters (`layout`),
//! Unicode normalization and length limits (`text`).

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Token, Tokenizer};

use super::blocks::{Blocks, Element};
use crate::normalize::layout::Layout;

/// Returns the text of an HTML description. Markup that was escaped once too often is unescaped
/// first.
///
/// Any input takes linear time. The text has no surrounding white space, at most one blank line
/// between lines, and no control characters except newlines.
pub fn html_to_text(html: &str) -> String {
    let html = unescape_markup(html);
    let mut layout = Layout::with_capacity(html.len());

    let emitter = TextEmitter::new(&mut layout);
    let Ok(()) = Tokenizer::new_with_emitter(&*html, emitter).finish();

    layout.finish()
}

/// Removes one level of escaping if the whole text is escaped markup: it has no tags as it is, and
/// has tags after unescaping. A text that only mentions a tag (`we love &lt;canvas&gt;`) is kept.
fn unescape_markup(html: &str) -> Cow<'_, str> {
    if html.contains('<') || !html.contains('&') {
        return Cow::Borrowed(html);
    }

    let unescaped = characters(html);
    if is_markup(&unescaped) {
        Cow::Owned(unescaped)
    } else {
        Cow::Borrowed(html)
    }
}

/// Returns the characters of a text without its tags, with character references resolved.
fn characters(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for Ok(token) in Tokenizer::new(html) {
        if let Token::String(piece) = token {
            text.push_str(&String::from_utf8_lossy(&piece));
        }
    }
    text
}

/// Returns true if a text begins with a known tag, or contains a tag that only markup has.
fn is_markup(text: &str) -> bool {
    const CERTAIN: [&str; 6] = ["</p>", "</li>", "</div>", "<br>", "<br/>", "<br />"];

    let text = text.trim_start();
    text.strip_prefix('<').is_some_and(is_known_tag) || CERTAIN.iter().any(|tag| text.contains(tag))
}

/// Returns true if a tag, without its `<`, is of a known element.
fn is_known_tag(tag: &str) -> bool {
    let name = tag
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

/// Receives the tokens. Attributes, comments and doctypes are not even copied.
#[derive(Debug)]
struct TextEmitter<'a> {
    blocks: Blocks<'a>,
    /// The text since the last tag. It may end inside a character.
    text: Vec<u8>,
    tag_name: Vec<u8>,
    is_end_tag: bool,
    is_self_closing: bool,
    /// The element whose end tag ends the current run of characters.
    raw_element: Vec<u8>,
}

impl<'a> TextEmitter<'a> {
    fn new(layout: &'a mut Layout) -> Self {
        Self {
            blocks: Blocks::new(layout),
            text: Vec::new(),
            tag_name: Vec::new(),
            is_end_tag: false,
            is_self_closing: false,
            raw_element: Vec::new(),
        }
    }

    fn flush_text(&mut self) {
        if !self.text.is_empty() {
            self.blocks.text(&String::from_utf8_lossy(&self.text));
            self.text.clear();
        }
    }

    fn init_tag(&mut self, is_end_tag: bool) {
        self.tag_name.clear();
        self.is_end_tag = is_end_tag;
        self.is_self_closing = false;
    }
}

impl Emitter for TextEmitter<'_> {
    type Token = Infallible;

    fn emit_string(&mut self, piece: &[u8]) {
        if !self.blocks.drops_text() {
            self.text.extend_from_slice(piece);
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        // This comes first, since the tag may start a section whose text is dropped.
        self.flush_text();

        let element = Element::named(&self.tag_name);
        if self.is_end_tag {
            self.blocks.end(element);
            return None;
        }

        let (Element::Dropped(state) | Element::Raw(state)) = element else {
            self.blocks.start(element);
            return None;
        };

        // Feeds written as XML close these elements at once (`<iframe src="…"/>`). HTML would
        // swallow the rest of the text.
        if self.is_self_closing {
            return None;
        }

        self.blocks.start(element);
        self.raw_element.clone_from(&self.tag_name);
        Some(state)
    }

    fn emit_eof(&mut self) {
        self.flush_text();
    }

    fn init_start_tag(&mut self) {
        self.init_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.init_tag(true);
    }

    fn push_tag_name(&mut self, piece: &[u8]) {
        self.tag_name.extend_from_slice(piece);
    }

    fn set_self_closing(&mut self) {
        self.is_self_closing = true;
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end_tag && self.tag_name == self.raw_element
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.raw_element = name.unwrap_or_default().to_vec();
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _: Error) {}
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn emit_current_comment(&mut self) {}
    fn init_attribute(&mut self) {}
    fn push_attribute_name(&mut self, _: &[u8]) {}
    fn push_attribute_value(&mut self, _: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn emit_current_doctype(&mut self) {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blocks_break_lines_and_paragraphs_leave_one_blank() {
        for (html, text) in [
            ("<p>a</p><p>b</p>", "a\n\nb"),
            ("<p>a</p>\n\n<p>&nbsp;</p>\n<p></p><p>b</p>", "a\n\nb"),
            ("<div>a</div><div>b</div>", "a\nb"),
            ("a<div>b</div>c", "a\nb\nc"),
            (
                "<h2>About us</h2><div>We <b>are</b><i>!</i></div>",
                "About us\n\nWe are!",
            ),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("a<br><br><br>b", "a\n\nb"),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"),
            ("<div>a<b>&nbsp;</b>b</div>", "a b"),
            ("<p>a<br></p><p>b</p>", "a\n\nb"),
            ("a<hr>b", "a\n\nb"),
            ("<blockquote><p>a</p></blockquote>b", "a\n\nb"),
            ("<dl><dt>Pay</dt><dd>good</dd></dl>", "Pay\ngood"),
            ("  <p> a \n  b\t</p>  ", "a b"),
            ("a</br>b</p>c", "a\nb\n\nc"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn list_items_become_bullets_one_a_line() {
        for (html, text) in [
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            (
                "<p>Need:</p><ul>\n<li>a</li>\n<li>b</li>\n</ul><p>c</p>",
                "Need:\n\n- a\n- b\n\nc",
            ),
            ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n- b"),
            (
                "<ul><li><p>a</p><p>more</p></li><li>b<br><br></li><li>c</li></ul>",
                "- a\nmore\n- b\n- c",
            ),
            (
                "<h3>Need</h3><li>a</li><li>b</li><p>c</p>",
                "Need\n\n- a\n- b\n\nc",
            ),
            (
                "<ul><li>a<ul><li>b</li></ul></li><li>c</ul>d",
                "- a\n- b\n- c\n\nd",
            ),
            ("<ol><li>a<li>b</ol>", "- a\n- b"),
            ("<li><p>a</p><p>more</p></li><li>b</li>", "- a\nmore\n- b"),
            (
                "<ul><li></li><li> </li><li>a</li><li></li></ul><p>b</p>",
                "- a\n\nb",
            ),
            ("<li><br>a", "- a"),
            ("<ul><li>a</li><li>&nbsp;</li><li>b</li></ul>", "- a\n- b"),
            ("a<li> <pre>\n\nb</pre>", "a\n- b"),
            ("</ul></li>a", "a"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn cells_of_a_row_are_separated() {
        for (html, text) in [
            (
                "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Mon</td><td>8</td></tr></table>",
                "Day | Hours\nMon | 8",
            ),
            (
                "<table><tr><td><p>a</p></td><td></td><td>\n<p>b</p></td></tr></table>c",
                "a | b\n\nc",
            ),
            ("<table><tr><td>a</td></tr></table>", "a"),
            (
                "<table><tr><td>a</td><td></td></tr><tr><td>b</td></tr></table>",
                "a\nb",
            ),
            (
                "<table><tr><td>a</td><td><ul><li>b</li></ul></td><td></td></tr></table>",
                "a\n- b",
            ),
            ("x<td>y<table><tr><td>a<table><tr><td>b", "x | y\n\na\n\nb"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn content_that_browsers_hide_is_dropped() {
        for html in [
            "a<script>if (1 < 2) alert('<p>x</p>')</script>b",
            "a<style>p { color: red }</style>b",
            "<title>x &amp; y</title>ab",
            "a<noscript>enable <b>scripts</b></noscript>b",
            "a<iframe src='https://video.example'>x</iframe>b",
            "a<template><p>x<template>y</template></p><script></template></script>z</template>b",
            "a<!-- x --><!-- > -- <p> -->b",
            "<!DOCTYPE html>ab",
            "a<![CDATA[x]]>b",
            "a<?xml version='1.0'?>b",
            "a<img alt='x > y' src=z>b",
            "a<iframe src='x'/>b",
            "ab<script>x",
        ] {
            assert_eq!(html_to_text(html), "ab", "{html}");
        }
        assert_eq!(
            html_to_text("<head><title>x</title><meta charset=utf-8></head><body>a</body>"),
            "a"
        );
    }

    #[test]
    fn character_references_are_decoded_once() {
        for (html, text) in [
            (
                "R&amp;D &ndash; &euro;50k &#8217;til &#x41;",
                "R&D – €50k ’til A",
            ),
            ("a&nbsp;&nbsp;b", "a b"),
            ("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;"),
            (
                "AT&T &nosuch; &#0; &#xD800;",
                "AT&T &nosuch; \u{fffd} \u{fffd}",
            ),
            ("<p>1 &lt; 2</p>", "1 < 2"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn markup_escaped_once_too_often_is_unescaped_once() {
        for (html, text) in [
            (
                "&lt;p&gt;R&amp;amp;D&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;",
                "R&D\n\nb",
            ),
            (" &#60;div class=&quot;x&quot;&#62;a&#60;/div&#62;", "a"),
            ("a&lt;br&gt;b", "a\nb"),
            ("&lt;p&gt;&amp;lt;p&amp;gt;&lt;/p&gt;", "<p>"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn a_text_that_mentions_a_tag_keeps_it() {
        for (html, text) in [
            (
                "We love &lt;canvas&gt; and 1 &lt; 2",
                "We love <canvas> and 1 < 2",
            ),
            ("<p>The &lt;p&gt; tag</p>", "The <p> tag"),
            ("&lt;3 years", "<3 years"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn line_breaks_of_preformatted_text_are_kept() {
        assert_eq!(
            html_to_text("a <pre>\nb\n  c\n\n\nd</pre> e\nf"),
            "a\n\nb\nc\n\nd\n\ne f"
        );
    }

    #[test]
    fn deep_nesting_and_broken_tags_take_one_pass() {
        let deep = "<div><ul><li><table><tr><td>".repeat(100_000);
        assert_eq!(html_to_text(&format!("{deep}x")), "- x");
        let lots = "<p".repeat(200_000);
        assert_eq!(html_to_text(&lots), "");
        assert_eq!(html_to_text(&"</".repeat(200_000)), "");
        assert_eq!(html_to_text(&"<!--".repeat(200_000)), "");
    }

    proptest! {
        #[test]
        fn any_input_gives_clean_text(
            html in "(?s:.{0,80})|(</?(p|ul|li|br|td|tr|table|pre|div|script|b|!--)[ />]|&(amp|lt|nbsp|#1[0-9]{1,4});|[ \\n]|a|é|\u{2028}){0,40}"
        ) {
            let text = html_to_text(&html);
            prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            prop_assert!(!text.contains("\n\n\n") && !text.contains("  "), "{text:?}");
            prop_assert_eq!(text.trim(), &text);
        }

        #[test]
        fn converting_plain_text_twice_changes_nothing(text in "[^<&]{0,80}") {
            let once = html_to_text(&text);
            prop_assert_eq!(html_to_text(&once), once.clone());
            prop_assert_eq!(once.split_whitespace().collect::<Vec<_>>().join(" "), once);
        }
    }
}
