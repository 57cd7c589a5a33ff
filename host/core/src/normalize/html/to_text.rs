//! Conversion of HTML to text in one pass over a standard-conforming tokenizer, without a tree.
//!
//! The rules: a block begins a line, and a paragraph has a blank line around it. List items become
//! `- item`, one per line. Cells of a table row are separated by ` | `. Scripts, styles, titles,
//! frames, comments and hidden elements are dropped with their content. Everything else is text. A
//! `<head>` needs no rule: its usual content is dropped anyway, and any other text ends it, as in
//! browsers.
//!
//! Not here: the effects of elements (`blocks`), the elements that are hidden (`hidden`), the
//! recognition of escaped markup (`escaped`), white space and invisible characters (`layout`),
//! Unicode normalization and length limits (`text`).

use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer};

use super::attributes::{Attributes, Visibility};
use super::blocks::{Blocks, Element};
use super::escaped::EscapedMarkup;
use super::hidden::{Follow, HiddenPart, Tag};
use crate::normalize::layout::Layout;

/// Returns the text of an HTML description. Markup that was escaped once too often is unescaped
/// first, also if only a part of the description was.
///
/// Any input takes linear time. The text has no surrounding white space, at most one blank line
/// between lines, and no control characters except newlines.
pub fn html_to_text(html: &str) -> String {
    let mut layout = Layout::with_capacity(html.len());
    let mut blocks = Blocks::new(&mut layout);
    lay_out(html, &mut blocks, Some(EscapedMarkup::default()));
    layout.finish()
}

/// Adds the text of some HTML. `escaped` is `None` inside of markup that was escaped.
fn lay_out(html: &str, blocks: &mut Blocks<'_>, escaped: Option<EscapedMarkup>) {
    let emitter = TextEmitter::new(blocks, escaped);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// Receives the tokens. Comments, doctypes, and attributes that hide nothing, are not even copied.
#[derive(Debug)]
struct TextEmitter<'a, 'l> {
    blocks: &'a mut Blocks<'l>,
    escaped: Option<EscapedMarkup>,
    /// True after the first tag.
    has_tags: bool,
    /// The number of open elements whose text is code.
    code: usize,
    hidden: Option<HiddenPart>,
    /// The text since the last tag. It may end inside a character.
    text: Vec<u8>,
    tag_name: Vec<u8>,
    is_end_tag: bool,
    is_self_closing: bool,
    attributes: Attributes,
    /// The element whose end tag ends the current run of characters.
    raw_element: Vec<u8>,
}

impl<'a, 'l> TextEmitter<'a, 'l> {
    fn new(blocks: &'a mut Blocks<'l>, escaped: Option<EscapedMarkup>) -> Self {
        Self {
            blocks,
            escaped,
            has_tags: false,
            code: 0,
            hidden: None,
            text: Vec::new(),
            tag_name: Vec::new(),
            is_end_tag: false,
            is_self_closing: false,
            attributes: Attributes::default(),
            raw_element: Vec::new(),
        }
    }

    /// Adds the text since the last tag. `is_whole` is true at the end of a text without tags.
    fn flush_text(&mut self, is_whole: bool) {
        if self.text.is_empty() {
            return;
        }

        let text = String::from_utf8_lossy(&self.text);
        let is_code = self.code > 0 || self.blocks.is_preformatted();
        let is_first = !self.has_tags;
        let escaped = self.escaped.as_mut().filter(|_| !is_code);
        if escaped.is_some_and(|escaped| escaped.is_markup(&text, is_first, is_whole)) {
            lay_out(&text, self.blocks, None);
        } else {
            self.blocks.text(&text);
        }
        self.text.clear();
    }

    fn init_tag(&mut self, is_end_tag: bool) {
        self.tag_name.clear();
        self.is_end_tag = is_end_tag;
        self.is_self_closing = false;
        self.attributes.clear();
    }

    /// Handles a tag outside of hidden elements. It may begin one.
    fn handle_shown_tag(&mut self, element: Element, visibility: Visibility) {
        if self.is_end_tag {
            self.blocks.end(element);
            return;
        }

        // Feeds written as XML close elements at once (`<div hidden/>`, `<iframe src="…"/>`). HTML
        // would swallow the rest of the text.
        let tag = self.tag(element, visibility);
        self.hidden = HiddenPart::begun_by(tag).filter(|_| !self.is_self_closing);
        let is_empty = self.is_self_closing && element.has_characters_only();
        if self.hidden.is_none() && !is_empty {
            self.blocks.start(element);
        }
    }

    /// Follows a tag inside of a hidden element. Returns true if the tag belongs to it.
    fn follow_hidden(&mut self, element: Element, visibility: Visibility) -> bool {
        let Some(mut hidden) = self.hidden.take() else {
            return false;
        };
        let follow = hidden.follow(self.tag(element, visibility));
        if follow == Follow::Inside {
            self.hidden = Some(hidden);
        }
        follow != Follow::Outside
    }

    fn tag(&self, element: Element, visibility: Visibility) -> Tag<'_> {
        Tag {
            name: &self.tag_name,
            element,
            is_end: self.is_end_tag,
            is_self_closing: self.is_self_closing,
            visibility,
        }
    }

    fn count_code(&mut self) {
        if !matches!(&*self.tag_name, b"code" | b"kbd" | b"samp" | b"tt") {
            return;
        }
        if self.is_end_tag {
            self.code = self.code.saturating_sub(1);
        } else {
            self.code += 1;
        }
    }

    /// Returns the state of the tokenizer after this start tag, if it is not the usual one.
    fn state_after(&mut self, element: Element) -> Option<State> {
        let (Element::Dropped(state) | Element::Raw(state)) = element else {
            return None;
        };
        if self.is_end_tag || self.is_self_closing {
            return None;
        }
        self.raw_element.clone_from(&self.tag_name);
        Some(state)
    }
}

impl Emitter for TextEmitter<'_, '_> {
    type Token = Infallible;

    fn emit_string(&mut self, piece: &[u8]) {
        if self.hidden.is_none() && !self.blocks.drops_text() {
            self.text.extend_from_slice(piece);
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        // This comes first, since the tag may start a section whose text is dropped.
        self.flush_text(false);
        self.has_tags = true;
        self.count_code();

        let element = Element::named(&self.tag_name);
        let visibility = self.attributes.visibility();
        if !self.follow_hidden(element, visibility) {
            self.handle_shown_tag(element, visibility);
        }
        self.state_after(element)
    }

    fn emit_eof(&mut self) {
        self.flush_text(!self.has_tags);
        self.blocks.end_characters();
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

    fn init_attribute(&mut self) {
        self.attributes.begin();
    }

    fn push_attribute_name(&mut self, piece: &[u8]) {
        self.attributes.push_name(piece);
    }

    fn push_attribute_value(&mut self, piece: &[u8]) {
        self.attributes.push_value(piece);
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
            ("<td>a</td><td>b</td>", "a | b"),
            (
                "<table><caption>Pay</caption><thead><th>a<th>b<tbody><tr><td>c<td>d",
                "Pay\na | b\nc | d",
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
    fn words_of_separate_elements_are_not_joined() {
        for (html, text) in [
            ("<h3>a</h3>b<h4>c</h4>d", "a\n\nb\n\nc\n\nd"),
            (
                "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></dl>",
                "a\nb\nc\nd",
            ),
            (
                "<select><option>a</option><option>b</option></select>c",
                "a\nb\nc",
            ),
            ("<button>a</button><button>b</button>c", "a b c"),
            ("<figure><img><figcaption>a</figcaption></figure>b", "a\nb"),
            ("<details><summary>a</summary>b</details>c", "a\nb\nc"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
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
