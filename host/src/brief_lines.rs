//! Log events as short lines for a person: `warning: MESSAGE`.

use std::fmt::{self, Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The events that the result of a command repeats.
const IN_RESULT: [&str; 4] = [
    "adapter.refused",
    "run.skipped",
    "source.failed",
    "source.warning",
];

/// The format. Levels below `warn` are written as warnings too; a filter has to omit them.
pub(crate) struct BriefLines;

impl<S, N> FormatEvent<S, N> for BriefLines
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if IN_RESULT.contains(&fields.event.as_str()) {
            return Ok(());
        }

        let word = if *event.metadata().level() == Level::ERROR {
            "error"
        } else {
            "warning"
        };
        write!(writer, "{word}: ")?;

        // The lines of adapters are not events, and name their source only in a field.
        if fields.event.is_empty() && !fields.message.contains(&fields.source) {
            write!(writer, "{}: ", fields.source)?;
        }
        write!(writer, "{}", fields.message)?;

        // Some messages already end with their cause.
        if !fields.error.is_empty() && !fields.message.ends_with(&fields.error) {
            write!(writer, ": {}", fields.error)?;
        }
        writeln!(writer)
    }
}

/// The fields of an event that a person needs. A missing one is empty.
#[derive(Default)]
struct Fields {
    event: String,
    message: String,
    error: String,
    source: String,
}

impl Fields {
    fn named(&mut self, field: &Field) -> Option<&mut String> {
        match field.name() {
            "event" => Some(&mut self.event),
            "message" => Some(&mut self.message),
            "error" => Some(&mut self.error),
            "source.key" => Some(&mut self.source),
            _ => None,
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if let Some(text) = self.named(field) {
            value.clone_into(text);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if let Some(text) = self.named(field) {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{value:?}");
        }
    }
}
