//! The effects of HTML elements on the text: line breaks, bullets, dropped content.
//!
//! [`Blocks`] follows start and end tags as they come, balanced or not. Its only state is a few
//! counters.

use html5gum::State;

use crate::normalize::layout::{Gap, Layout};

/// The text before a list item.
const BULLET: &str = "- ";
/// The text between the cells of a row.
const SEPARATOR: &str = " | ";

/// The effect of an element on the text around or inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// No effect: `strong`, `span`, and unknown elements.
    Inline,
    /// Its content is on lines of its own.
    Block,
    /// A blank line before and after.
    Paragraph,
    /// A paragraph whose line breaks are kept.
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
    /// Separate from the words around it.
    Widget,
    /// Dropped with all elements inside it.
    Hidden,
    /// Contains no elements, only characters up to its end tag. They are dropped.
    Dropped(State),
    /// Contains no elements, only characters up to its end tag. They are text.
    Raw(State),
}

impl Element {
    /// Returns the effect of the element with this lower-case name.
    pub(super) fn named(name: &[u8]) -> Self {
        match name {
            b"address" | b"article" | b"aside" | b"body" | b"center" | b"dd" | b"details"
            | b"dialog" | b"dir" | b"div" | b"dt" | b"fieldset" | b"figcaption" | b"figure"
            | b"footer" | b"form" | b"header" | b"hgroup" | b"html" | b"legend" | b"main"
            | b"nav" | b"optgroup" | b"option" | b"search" | b"section" | b"summary" => Self::Block,
            b"blockquote" | b"dl" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"hr"
            | b"p" => Self::Paragraph,
            b"pre" | b"listing" => Self::Preformatted,
            b"ul" | b"ol" | b"menu" => Self::List,
            b"li" => Self::Item,
            b"table" => Self::Table,
            b"tr" | b"caption" | b"tbody" | b"tfoot" | b"thead" => Self::Row,
            b"td" | b"th" => Self::Cell,
            b"br" => Self::LineBreak,
            b"button" | b"select" => Self::Widget,
            b"template" | b"svg" | b"audio" | b"video" | b"canvas" | b"datalist" => Self::Hidden,
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

    /// Returns true if the element contains no elements, only characters up to its end tag.
    pub(super) fn has_characters_only(self) -> bool {
        matches!(self, Self::Dropped(_) | Self::Raw(_))
    }

    /// Returns true if the element begins a line.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::Paragraph
                | Self::Preformatted
                | Self::List
                | Self::Item
                | Self::Table
                | Self::Row
                | Self::Cell
        )
    }
}

/// Lays out the text between tags.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    layout: &'a mut Layout,
    /// The number of open lists.
    lists: usize,
    /// True inside an item. Some boards send items outside of a list.
    in_item: bool,
    /// The number of bytes written before the current row.
    row_start: usize,
    preformatted: usize,
    /// True inside an element that contains only characters, if they are dropped.
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
            dropping: false,
        }
    }

    /// Returns true if text is dropped at this point.
    pub(super) fn drops_text(&self) -> bool {
        self.dropping
    }

    /// Returns true inside of preformatted text.
    pub(super) fn is_preformatted(&self) -> bool {
        self.preformatted > 0
    }

    /// Ends an element that contains only characters, if one is open.
    pub(super) fn end_characters(&mut self) {
        self.dropping = false;
    }

    pub(super) fn text(&mut self, text: &str) {
        // Editors write `<div>&nbsp;</div>` for a blank line.
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
            Element::Inline | Element::Hidden | Element::Raw(_) => {}
            Element::Dropped(_) => self.dropping = true,
            Element::Widget => self.layout.raise(Gap::Space),
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
            Element::Dropped(_) => self.end_characters(),
            // A stray `</br>` is a line break, as in browsers.
            Element::Block | Element::Paragraph | Element::Widget | Element::LineBreak => {
                self.start(element);
            }
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
            Element::Inline | Element::Cell | Element::Hidden | Element::Raw(_) => {}
        }
    }

    fn end_item(&mut self) {
        // A pending bullet would prevent the gap from being raised.
        self.layout.take_back(BULLET);
        self.layout.raise(Gap::Line);
        self.in_item = false;
    }

    /// Handles the begin or end of a table or row. The next cell is the first of its row.
    fn row(&mut self, element: Element) {
        // A pending separator would prevent the gap from being raised.
        self.layout.take_back(SEPARATOR);

        let gap = if element == Element::Table {
            self.paragraph_gap()
        } else {
            Gap::Line
        };
        self.layout.raise(gap);
        self.row_start = self.layout.len();
    }

    /// Returns the gap around a paragraph. A blank line inside of items would break up a list, so
    /// it is a line there.
    fn paragraph_gap(&self) -> Gap {
        if self.lists > 0 || self.in_item {
            Gap::Line
        } else {
            Gap::Blank
        }
    }
}
