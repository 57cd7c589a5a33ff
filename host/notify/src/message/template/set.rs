//! The templates of one channel: those of the operator over the built-in ones.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Environment, Error};
use serde::Serialize;
use tracing::warn;

use super::built_in::{built_in, built_in_templates};
use super::engine::{Output, engine};
use super::fault::{TemplateFault, shown};
use crate::message::text::one_line;

/// The number of instructions that a message may take with templates of the operator. The
/// built-in templates take a tenth of it for 500 jobs. An endless loop ends after about a second.
const MAX_INSTRUCTIONS: u64 = 10_000_000;

/// The maximum length of a subject.
const SUBJECT_CHARS: usize = 400;

/// A template of the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnTemplate {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Templates of the operator by their names.
pub(super) type OwnTemplates = BTreeMap<String, OwnTemplate>;

/// The templates of one channel. The default has only the built-in ones.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    own: Arc<OwnTemplates>,
}

/// A complete set of templates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TemplateSet<'t> {
    /// `None` for the built-in templates alone.
    own: Option<&'t OwnTemplates>,
}

impl Templates {
    /// Creates the templates of a channel.
    pub(super) fn new(own: OwnTemplates) -> Self {
        Self { own: own.into() }
    }

    /// Returns the sets in the order in which to try them: with the templates of the operator, if
    /// there are any, and then the built-in ones alone.
    pub(crate) fn sets(&self) -> impl Iterator<Item = TemplateSet<'_>> {
        [self.own_set(), Some(TemplateSet::BUILT_IN)]
            .into_iter()
            .flatten()
    }

    /// Returns the set with the templates of the operator; `None` if there are none.
    pub(super) fn own_set(&self) -> Option<TemplateSet<'_>> {
        let own = (!self.own.is_empty()).then_some(&*self.own);
        own.map(|own| TemplateSet { own: Some(own) })
    }
}

impl<'t> TemplateSet<'t> {
    pub(crate) const BUILT_IN: Self = Self { own: None };

    /// Logs that a message does not fit with the templates of the operator, if the set has any.
    pub(crate) fn report_too_long(self) {
        if self.own.is_some() {
            warn!(
                event = "notification.template_failed",
                "a message is too long with your templates, and has the built-in form"
            );
        }
    }

    /// Renders a template. One of the operator that fails is logged, and the built-in one is used.
    ///
    /// # Errors
    ///
    /// Fails if a built-in template has a fault.
    pub(crate) fn render(
        self,
        name: &str,
        output: Output,
        values: &impl Serialize,
    ) -> Result<String, TemplateFault> {
        match self.try_render(name, output, values) {
            Err(fault) if self.own.is_some() => {
                warn!(
                    event = "notification.template_failed",
                    "{fault}; this message has the built-in form"
                );
                Self::BUILT_IN.try_render(name, output, values)
            }
            rendered => rendered,
        }
    }

    /// Renders the subject of this kind of message, on one line.
    ///
    /// # Errors
    ///
    /// As [`TemplateSet::render`].
    pub(crate) fn subject(
        self,
        kind: &str,
        values: &impl Serialize,
    ) -> Result<String, TemplateFault> {
        let rendered = self.render(&format!("{kind}.subject.txt"), Output::Text, values)?;
        Ok(one_line(&rendered, SUBJECT_CHARS))
    }

    /// Renders a template.
    ///
    /// # Errors
    ///
    /// Fails if a template of the set has a fault, or if the result is empty.
    pub(super) fn try_render(
        self,
        name: &str,
        output: Output,
        values: &impl Serialize,
    ) -> Result<String, TemplateFault> {
        let rendered = self
            .engine(output)
            .and_then(|engine| engine.get_template(name)?.render(Serde(values)))
            .map_err(|error| TemplateFault::at(&error, |name| self.source(name)))?;
        if rendered.trim().is_empty() {
            let (file, _) = self.source(name);
            return Err(TemplateFault::of(&file, "the result is empty"));
        }
        Ok(match output {
            Output::Chat(markup) if self.own.is_some() => markup.without_mentions(&rendered),
            _ => rendered,
        })
    }

    /// Returns an engine with all templates of the set. It is built for each message: parsing a few
    /// small templates costs little in comparison with sending a message.
    fn engine(self, output: Output) -> Result<Environment<'static>, Error> {
        let mut engine = engine(output)?;
        for (name, text) in built_in_templates() {
            engine.add_template(name, text)?;
        }
        for (name, template) in self.own.into_iter().flatten() {
            engine.add_template_owned(name.clone(), template.text.clone())?;
        }
        engine.set_fuel(self.own.map(|_| MAX_INSTRUCTIONS));
        Ok(engine)
    }

    /// Returns the file of a template, or the name of a built-in one, and its text.
    fn source(self, name: &str) -> (String, &'t str) {
        match self.own.and_then(|own| own.get(name)) {
            Some(template) => (shown(&template.path), &template.text),
            None => (name.to_owned(), built_in(name).unwrap_or_default()),
        }
    }
}
