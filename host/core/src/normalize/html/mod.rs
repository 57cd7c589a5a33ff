//! Text from HTML: the tokens of the standard in `to_text`, what each element means in `blocks`.

mod blocks;
mod to_text;

pub use to_text::html_to_text;
