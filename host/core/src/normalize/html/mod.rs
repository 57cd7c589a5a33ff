//! Conversion of HTML to text: `to_text` follows the tokens of the standard, `blocks` has the
//! effect of each element.

mod blocks;
mod to_text;

pub use to_text::html_to_text;
