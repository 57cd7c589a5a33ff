//! What the elements of HTML mean for the text: which break lines, which bring a bullet, which are
//! dropped.
//!
//! [`Blocks`] follows start and end tags as they come, balanced or not; all it keeps is a few
//! counters.

use html5gum::State;

use crate::normalize::layout::{Gap, Layout};

/// In front of an item.
const BULLET: &str = "- ";
/// Between the cells of a row.
const SEPARATOR: &str = " | ";

/// What an element does to the text around or inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Nothing: `strong`, `span`, and whatever we do not know.
    Inline,
    /// Its content has lines of its own.
    Block,
    /// A blank line before and after.
    Paragraph,
    /// A paragraph whose line breaks stand.
    Preformatted,
    /// A paragraph of items.
    List,
    /// A line with a bullet.
    Item,
    /// A paragraph of rows.
    Table,
    /// A line of cells.
    Row,
    /// A part of a row.
    Cell,
    /// The end of a line.
    LineBreak,
    /// Dropped with all elements in it.
    Template,
    /// Contains no elements, only characters up to its end tag, which are dropped.
    Dropped(State),
    /// Contains no elements, only characters up to its end tag, which are text.
    Raw(State),
}

impl Element {
    /// What the element of that lower-case name is.
    pub(super) fn named(name: &[u8]) -> Self {
        match name {
            b"address" | b"article" | b"aside" | b"body" | b"caption" | b"center" | b"dd"
            | b"details" | b"dialog" | b"dir" | b"div" | b"dt" | b"fieldset" | b"figcaption"
            | b"figure" | b"footer" | b"form" | b"header" | b"hgroup" | b"html" | b"legend"
            | b"main" | b"nav" | b"optgroup" | b"option" | b"search" | b"section" | b"summary"
            | b"tbody" | b"tfoot" | b"thead" => Self::Block,
            b"blockquote" | b"dl" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"hr"
            | b"p" => Self::Paragraph,
            b"pre" | b"listing" => Self::Preformatted,
            b"ul" | b"ol" | b"menu" => Self::List,
            b"li" => Self::Item,
            b"table" => Self::Table,
            b"tr" => Self::Row,
            b"td" | b"th" => Self::Cell,
            b"br" => Self::LineBreak,
            b"template" => Self::Template,
            b"script" => Self::Dropped(State::ScriptData),
            b"title" => Self::Dropped(State::RcData),
            b"style" | b"noscript" | b"iframe" | b"noembed" | b"noframes" => {
                Self::Dropped(State::RawText)
            }
            b"textarea" => Self::Raw(State::RcData),
            b"xmp" => Self::Raw(State::RawText),
            b"plaintext" => Self::Raw(State::PlainText),
            _ => Self::Inline,
        }
    }
}

/// Lays out text between tags.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    layout: &'a mut Layout,
    /// How many lists are open.
    lists: usize,
    /// An item is open, in a list or, as some boards send them, without one.
    in_item: bool,
    /// How many bytes were written when the current row began.
    row_start: usize,
    preformatted: usize,
    templates: usize,
    /// Inside an element that contains only characters, and they are dropped.
    dropping: bool,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(layout: &'a mut Layout) -> Self {
        Self {
            layout,
            lists: 0,
            in_item: false,
            row_start: 0,
            preformatted: 0,
            templates: 0,
            dropping: false,
        }
    }

    /// Whether text would be dropped here.
    pub(super) fn drops_text(&self) -> bool {
        self.dropping || self.templates > 0
    }

    pub(super) fn text(&mut self, text: &str) {
        // `<div>&nbsp;</div>` is how editors write a blank line.
        if self.layout.is_at_line_start() && text.contains('\u{a0}') && text.trim().is_empty() {
            self.layout.raise(self.paragraph_gap());
        }

        if self.preformatted > 0 {
            self.layout.lines(text);
        } else {
            self.layout.flow(text);
        }
    }

    pub(super) fn start(&mut self, element: Element) {
        match element {
            Element::Inline | Element::Raw(_) => {}
            Element::Dropped(_) => self.dropping = true,
            Element::Template => self.templates += 1,

            // All of the following counts outside of templates only.
            _ if self.templates > 0 => {}
            Element::Cell if self.layout.len() > self.row_start => self.layout.join(SEPARATOR),
            Element::Block | Element::Cell => self.layout.raise(Gap::Line),
            Element::Paragraph => self.layout.raise(self.paragraph_gap()),
            Element::Preformatted => {
                self.layout.raise(self.paragraph_gap());
                self.preformatted += 1;
            }
            Element::List => {
                self.layout.raise(self.paragraph_gap());
                self.lists += 1;
            }
            Element::Item => {
                self.layout.lead(BULLET);
                self.in_item = true;
            }
            Element::Table | Element::Row => self.row(element),
            Element::LineBreak if self.lists > 0 || self.in_item => self.layout.raise(Gap::Line),
            Element::LineBreak => self.layout.line_break(),
        }
    }

    pub(super) fn end(&mut self, element: Element) {
        match element {
            Element::Template => self.templates = self.templates.saturating_sub(1),
            Element::Dropped(_) => self.dropping = false,

            // All of the following counts outside of templates only.
            _ if self.templates > 0 => {}
            // A stray `</br>` is a line break, as in browsers.
            Element::Block | Element::Paragraph | Element::LineBreak => self.start(element),
            Element::Preformatted => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.layout.raise(self.paragraph_gap());
            }
            Element::List => {
                self.lists = self.lists.saturating_sub(1);
                self.end_item();
                self.layout.raise(self.paragraph_gap());
            }
            Element::Item => self.end_item(),
            Element::Table | Element::Row => self.row(element),
            Element::Inline | Element::Cell | Element::Raw(_) => {}
        }
    }

    fn end_item(&mut self) {
        // A bullet that waits for text would keep the gap from being raised.
        self.layout.take_back(BULLET);
        self.layout.raise(Gap::Line);
        self.in_item = false;
    }

    /// A table or a row begins or ends, so the next cell is the first of its row.
    fn row(&mut self, element: Element) {
        // A separator that waits for text would keep the gap from being raised.
        self.layout.take_back(SEPARATOR);

        let gap = if element == Element::Table {
            self.paragraph_gap()
        } else {
            Gap::Line
        };
        self.layout.raise(gap);
        self.row_start = self.layout.len();
    }

    /// Paragraphs within items would tear a list apart, so they are only lines there.
    fn paragraph_gap(&self) -> Gap {
        if self.lists > 0 || self.in_item {
            Gap::Line
        } else {
            Gap::Blank
        }
    }
}
