//! The templates of messages: the built-in ones, and those of the operator that replace them.
//!
//! A template of the operator that fails is replaced by the built-in one, so that no message is
//! lost. Everything that a template outputs is escaped for its kind of message, and what it outputs
//! for chat mentions no group.

mod built_in;
mod check;
mod engine;
mod fault;
mod files;
mod samples;
mod set;
#[cfg(test)]
mod tests;

pub use built_in::built_in_templates;
pub(crate) use engine::Output;
pub use fault::TemplateFault;
pub use files::TemplateFiles;
pub(crate) use set::TemplateSet;
pub use set::Templates;
