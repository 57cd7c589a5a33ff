//! The template engine, with the escaping of each kind of message.
//!
//! The kind of message alone decides how values are escaped, and no template can change that: an
//! included text file is escaped like the page that includes it, and there is no filter that marks
//! the text of a board as safe.

use std::fmt::Write as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{
    AutoEscape, Environment, Error, HtmlEscape, Output as Sink, State, UndefinedBehavior,
};

use crate::message::chat::Markup;

/// The kind of text that templates write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// Text for a terminal, without escaping.
    Text,
    Html,
    Chat(Markup),
}

/// Returns an environment without templates, whose templates write this kind of text.
pub(super) fn engine(output: Output) -> Result<Environment<'static>, Error> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_syntax(syntax()?);
    engine.remove_filter("safe");

    // With any other value, the engine does not know that a captured block is escaped already.
    let escapes = match output {
        Output::Text => AutoEscape::None,
        Output::Html | Output::Chat(_) => AutoEscape::Html,
    };
    engine.set_auto_escape_callback(move |_name| escapes.clone());
    engine.set_formatter(move |sink, state, value| write(output, sink, state, value));

    if output == Output::Html {
        engine.add_filter("code", |text: &str| written(with_code(text)));
    }
    if let Output::Chat(markup) = output {
        engine.add_filter("bold", move |text: &str| written(markup.bold(text)));
        engine.add_filter("small", move |text: &str| written(markup.small(text)));
        engine.add_filter("link", move |text: &str, url: &str| {
            written(markup.link(text, url))
        });
    }
    Ok(engine)
}

/// Returns the syntax of all templates: a line with only a tag leaves no line.
fn syntax() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
}

/// Returns HTML in which the text between two backticks is code.
fn with_code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return HtmlEscape(text).to_string();
    }

    let mut html = String::with_capacity(text.len());
    for (index, part) in parts.into_iter().enumerate() {
        let part = HtmlEscape(part);
        let _ = match index % 2 {
            0 => write!(html, "{part}"),
            _ => write!(html, "<code>{part}</code>"),
        };
    }
    html
}

/// Marks text as written in the mark-up already.
fn written(text: String) -> Value {
    Value::from_safe_string(text)
}

/// Writes a value, escaped unless a macro or one of our filters made it. `{% autoescape %}` has no
/// effect.
fn write(
    output: Output,
    sink: &mut Sink<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.is_undefined() {
        return minijinja::escape_formatter(sink, state, value);
    }

    let text = value.to_string();
    let escaped = match output {
        Output::Html if !value.is_safe() => HtmlEscape(&text).to_string(),
        Output::Chat(markup) if !value.is_safe() => markup.escaped(&text),
        _ => text,
    };
    Ok(sink.write_str(&escaped)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_between_backticks_is_code() {
        for (text, html) in [
            ("run `a <b>` now", "run <code>a &lt;b&gt;</code> now"),
            ("`a` and `b`", "<code>a</code> and <code>b</code>"),
            ("one ` <only>", "one ` &lt;only&gt;"),
        ] {
            assert_eq!(with_code(text), html);
        }
    }
}
