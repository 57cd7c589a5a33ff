//! Renders a message for a chat service.
//!
//! A message that is too long loses its details first: the reasons of matches, then the changes. If
//! that is not enough and it has several entries, it must be split.

use serde::Serialize;

use super::markup::{Limit, Markup};
use crate::message::Note;
use crate::message::content::MessageContent;
use crate::message::template::{Output, TemplateFault, TemplateSet, Templates};

/// The number of boards of a first scan that a message lists.
const BOARDS: usize = 10;

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

/// The variables of the templates of chat.
#[derive(Serialize)]
pub(crate) struct ChatValues<'a, C> {
    #[serde(flatten)]
    content: &'a C,
    max_boards: usize,
    repeated: bool,
    with_reasons: bool,
    with_changes: bool,
}

impl<'a, C: Serialize> ChatValues<'a, C> {
    pub(crate) fn new(
        content: &'a C,
        repeated: bool,
        with_reasons: bool,
        with_changes: bool,
    ) -> Self {
        Self {
            content,
            max_boards: BOARDS,
            repeated,
            with_reasons,
            with_changes,
        }
    }
}

/// Renders a message within a limit on its body. A message with templates of the operator that does
/// not fit has the built-in form.
///
/// # Errors
///
/// The outer error is a fault in a built-in template. The inner one says that the message has to be
/// split.
pub(crate) fn render(
    message: ChatMessage<'_>,
    markup: Markup,
    limit: Limit,
    templates: &Templates,
) -> Result<Result<ChatText, MessageTooLong>, TemplateFault> {
    let (content, repeated) = match message {
        ChatMessage::Delivery { content, repeated } => (content, repeated),
        ChatMessage::Note(note) => {
            return Ok(Ok(ChatText {
                title: note.subject.to_owned(),
                body: markup.escaped(note.text),
                link: None,
            }));
        }
    };

    for set in templates.sets() {
        if let Some(body) = fitting(set, content, repeated, markup, limit)? {
            let values = ChatValues::new(content, repeated, true, true);
            return Ok(Ok(ChatText {
                title: set.subject(content.kind(), &values)?,
                body,
                link: content.only_link().map(str::to_owned),
            }));
        }
        set.report_too_long();
    }
    Ok(Err(MessageTooLong))
}

/// Returns the body with as many details as fit; `None` if it does not even fit without them.
fn fitting(
    set: TemplateSet<'_>,
    content: &MessageContent,
    repeated: bool,
    markup: Markup,
    limit: Limit,
) -> Result<Option<String>, TemplateFault> {
    let name = format!("{}.chat.txt", content.kind());
    for (with_reasons, with_changes) in [(true, true), (false, true), (false, false)] {
        let values = ChatValues::new(content, repeated, with_reasons, with_changes);
        let rendered = set.render(&name, Output::Chat(markup), &values)?;
        let body = markup.with_line_breaks(rendered.trim());
        if limit.admits(&body) {
            return Ok(Some(body));
        }
    }
    Ok(None)
}
