//! Messages in the forms of chat services: short, escaped for each service, and within its limit.

mod chat;
mod markup;

pub(crate) use chat::{ChatMessage, ChatText, ChatValues, render};
pub(crate) use markup::{Limit, Markup};
