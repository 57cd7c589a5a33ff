//! Parts of a page that browsers do not show.
//!
//! An element hides its content by its kind (`<svg>`) or by its attributes (`attributes`). There is
//! no tree, so a [`HiddenPart`] follows the tags until its element ends. A tag that leaves doubt ends
//! it: an invisible text that is kept does less harm than a text that is lost.
//!
//! `aria-hidden` hides nothing: it is for screen readers, and boards set it on visible text. The
//! classes of screen-reader texts hide nothing either: that text is for readers.

use std::collections::HashMap;

use super::attributes::Visibility;
use super::blocks::Element;

/// A tag, as far as it matters for hidden parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: &'a [u8],
    pub(super) element: Element,
    pub(super) is_end: bool,
    /// True for a start tag such as `<div/>`, which ends its element at once.
    pub(super) is_self_closing: bool,
    pub(super) visibility: Visibility,
}

/// The relation of a tag to a hidden part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    Inside,
    /// The end tag of the hidden element.
    Last,
    /// The hidden element has ended before this tag.
    Outside,
}

/// A hidden element that has not ended yet.
#[derive(Debug)]
pub(super) struct HiddenPart {
    name: Vec<u8>,
    element: Element,
    visibility: Visibility,
    /// The number of open elements inside, by their names.
    open: HashMap<Vec<u8>, usize>,
}

impl HiddenPart {
    /// Returns the part that begins with this start tag; `None` if its content is shown.
    pub(super) fn begun_by(tag: Tag<'_>) -> Option<Self> {
        let hides = matches!(tag.visibility, Visibility::Absent | Visibility::Invisible);
        let begins = !tag.is_end && !is_void(tag.name);

        (begins && (hides || tag.element == Element::Hidden)).then(|| Self {
            name: tag.name.to_owned(),
            element: tag.element,
            visibility: tag.visibility,
            open: HashMap::new(),
        })
    }

    /// Follows the next tag.
    pub(super) fn follow(&mut self, tag: Tag<'_>) -> Follow {
        if is_void(tag.name) {
            return Follow::Inside;
        }
        if tag.is_end {
            self.follow_end(tag)
        } else {
            self.follow_start(tag)
        }
    }

    fn follow_start(&mut self, tag: Tag<'_>) -> Follow {
        let shown =
            self.visibility == Visibility::Invisible && tag.visibility == Visibility::Visible;
        if shown || self.is_ended_by_start(tag) {
            return Follow::Outside;
        }

        if !tag.is_self_closing {
            *self.open.entry(tag.name.to_owned()).or_default() += 1;
        }
        Follow::Inside
    }

    fn follow_end(&mut self, tag: Tag<'_>) -> Follow {
        if let Some(open) = self.open.get_mut(tag.name).filter(|open| **open > 0) {
            *open -= 1;
            return Follow::Inside;
        }
        if tag.name == self.name {
            return Follow::Last;
        }

        // The end of an element that began before: its content has ended. A template is a document
        // of its own, and formatting may overlap blocks. A block is never inside of a paragraph, so
        // `</p>` in it is a paragraph without its start.
        let overlaps = tag.element == Element::Inline && self.element != Element::Inline;
        let is_stray = tag.name == b"p" && self.element.is_block();
        if self.name == b"template" || is_stray || overlaps {
            Follow::Inside
        } else {
            Follow::Outside
        }
    }

    /// Returns true if this start tag ends the hidden element, whose own end tag may be left out.
    fn is_ended_by_start(&self, tag: Tag<'_>) -> bool {
        let has_no = |names: &[&str]| {
            let open = |name: &&str| self.open.get(name.as_bytes()).is_some_and(|open| *open > 0);
            !names.iter().any(open)
        };
        let rows: [&[u8]; 4] = [b"tr", b"tbody", b"tfoot", b"thead"];

        match &*self.name {
            b"p" | b"svg" => tag.element.is_block(),
            b"li" => tag.name == b"li" && has_no(&["ul", "ol", "menu"]),
            b"dt" | b"dd" => matches!(tag.name, b"dt" | b"dd") && has_no(&["dl"]),
            b"tr" => rows.contains(&tag.name) && has_no(&["table"]),
            b"td" | b"th" => {
                (matches!(tag.name, b"td" | b"th") || rows.contains(&tag.name))
                    && has_no(&["table"])
            }
            b"option" => matches!(tag.name, b"option" | b"optgroup"),
            _ => false,
        }
    }
}

/// Returns true for an element that has no content and no end tag.
fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::super::html_to_text;

    #[test]
    fn hidden_elements_are_dropped_with_their_content() {
        for html in [
            "a<span style='display:none'>x</span>b",
            "a<div hidden>x<div>y</div>z</div>b",
            "a<div HIDDEN=''><p>x<ul><li>y</ul></div>b",
            "a<span style=\"font-size:0px\">x<b>y</b></span>b",
            "a<i style='visibility:hidden'>x</i>b",
            "a<svg viewBox='0 0 1 1'><title>x</title><text>y</text></svg>b",
            "a<svg/>b",
            "a<video controls>Your browser is old.</video>b",
            "a<canvas>x</canvas>b",
            "a<div hidden><script>'</div>'</script>x</div>b",
            "a<div hidden>x</b>y</div>b",
            "a<div style='display:none'><br>x<hr>y</div>b",
            "a<template></div>x</template>b",
            "a<div hidden>x</p>y</div>b",
            "a<div style='font-size:0'><b style='font-size:larger'>x</b></div>b",
        ] {
            assert_eq!(html_to_text(html), "ab", "{html}");
        }
    }

    #[test]
    fn a_hidden_element_without_an_end_tag_ends_as_in_browsers() {
        for (html, text) in [
            ("<ul><li hidden>x<li>a<li>b</ul>", "- a\n- b"),
            ("<ul><li hidden>x<ul><li>y</ul><li>a</ul>", "- a"),
            ("<p hidden>x<p>a", "a"),
            ("<dl><dt>a<dd hidden>x<dt>b<dd>c</dl>", "a\nb\nc"),
            (
                "<table><tr><td>a<td hidden>x<td>b<tr hidden><td>y<tr><td>c</table>",
                "a | b\nc",
            ),
            ("<select><option hidden>x<option>a</select>", "a"),
            ("<div><span hidden>x</div>a", "a"),
            ("<svg><path d='M0'><p>a</p>", "a"),
            ("<input hidden>a<br hidden>b", "a\nb"),
            ("<div hidden/>a", "a"),
            ("<div hidden><div/>x</div>a", "a"),
            ("<p>a<span hidden>x</p><p>b</p>", "a\n\nb"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn text_that_a_reader_sees_is_kept() {
        for (html, text) in [
            (
                "<div aria-hidden=true>$45,000 a year</div>",
                "$45,000 a year",
            ),
            (
                "<div style='font-size:0'><b style='font-size:14px'>a</b></div>",
                "a",
            ),
            (
                "<div style='font-size:0'><b style='font-size:.9rem'>a</b></div>",
                "a",
            ),
            (
                "<div style='font-size:0'><b style='font-size:medium'>a</b></div>",
                "a",
            ),
            ("<span class='sr-only'>a</span>", "a"),
            (
                "<p title='display:none' data-style='display:none'>a</p>",
                "a",
            ),
            ("<details><summary>a</summary>b</details>", "a\nb"),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn many_hidden_elements_take_linear_time() {
        let nested = "<div hidden><b>".repeat(100_000);
        assert_eq!(html_to_text(&format!("{nested}x")), "");
        let names = (0..50_000).map(|n| format!("<x{n} hidden></y{n}>"));
        assert_eq!(html_to_text(&names.collect::<Vec<_>>().concat()), "");
    }
}
