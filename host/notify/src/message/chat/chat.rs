//! Renders a message for a chat service.
//!
//! A message that is too long loses its details first: the reasons of matches, then the changes. If
//! that is not enough and it has several entries, it must be split.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::markup::{Limit, Markup};
use crate::message::Note;
use crate::message::content::MessageContent;
use crate::message::render::syntax;

/// The number of boards of a first scan that a message lists.
const BOARDS: usize = 10;

/// The template of all mark-ups. Its filters write the mark-up.
const NAME: &str = "chat";
const TEMPLATE: &str = include_str!("../templates/chat.txt");

/// A message for a chat service.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ChatMessage<'a> {
    Delivery {
        content: &'a MessageContent,
        /// True if an earlier attempt may have arrived.
        repeated: bool,
    },
    Note(&'a Note<'a>),
}

/// A message as a service gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChatText {
    /// One line without mark-up.
    pub(crate) title: String,
    /// Everything but the title, in the mark-up of the service.
    pub(crate) body: String,
    /// The page of the job, if the message has one job.
    pub(crate) link: Option<String>,
}

/// A message does not fit into the limit, even without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageTooLong;

/// The values of the template.
#[derive(Serialize)]
struct ChatValues<'a> {
    content: &'a MessageContent,
    boards: usize,
    repeated: bool,
    with_reasons: bool,
    with_changes: bool,
}

impl ChatMessage<'_> {
    /// Returns the title, on one line.
    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Delivery { content, .. } => &content.subject,
            Self::Note(note) => note.subject,
        }
    }
}

/// Renders a message within a limit on its body.
///
/// # Errors
///
/// The outer error is a fault in a template. The inner one says that the message has to be split.
pub(crate) fn render(
    message: ChatMessage<'_>,
    markup: Markup,
    limit: Limit,
) -> Result<Result<ChatText, MessageTooLong>, Error> {
    let title = message.title().to_owned();
    let (content, repeated) = match message {
        ChatMessage::Delivery { content, repeated } => (content, repeated),
        ChatMessage::Note(note) => {
            let body = markup.escaped(note.text);
            let link = None;
            return Ok(Ok(ChatText { title, body, link }));
        }
    };

    let environment = environment(markup)?;
    let template = environment.get_template(NAME)?;
    for (with_reasons, with_changes) in [(true, true), (false, true), (false, false)] {
        let values = ChatValues {
            content,
            boards: BOARDS,
            repeated,
            with_reasons,
            with_changes,
        };
        let body = markup.with_line_breaks(template.render(Serde(&values))?.trim());
        if limit.admits(&body) {
            let link = content.only_link().map(str::to_owned);
            return Ok(Ok(ChatText { title, body, link }));
        }
    }
    Ok(Err(MessageTooLong))
}

/// Returns an environment whose templates escape all values for the mark-up.
fn environment(markup: Markup) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax()?);
    environment.set_auto_escape_callback(move |_| AutoEscape::Custom(markup.name().into()));
    environment.set_formatter(write_escaped);
    environment.add_filter("bold", move |text: &str| safe(markup.bold(text)));
    environment.add_filter("small", move |text: &str| safe(markup.small(text)));
    environment.add_filter("link", move |text: &str, url: &str| {
        safe(markup.link(text, url))
    });
    environment.add_template(NAME, TEMPLATE)?;
    Ok(environment)
}

/// Marks text as written in the mark-up already.
fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

/// Writes a value, escaped unless a macro or filter made it.
fn write_escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let markup = match state.auto_escape() {
        AutoEscape::Custom(name) => Markup::named(name),
        _ => None,
    };
    match markup {
        Some(markup) if !value.is_safe() && !value.is_undefined() => {
            out.write_str(&markup.escaped(&value.to_string()))?;
            Ok(())
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}
