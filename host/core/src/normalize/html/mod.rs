//! Conversion of HTML to text: `to_text` follows the tokens of the standard, `blocks` has the
//! effect of each element, `hidden` the elements that browsers do not show, and `escaped` recognizes
//! markup that was escaped once too often.

mod attributes;
mod blocks;
mod escaped;
mod hidden;
mod to_text;

pub use to_text::html_to_text;
