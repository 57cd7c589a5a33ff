//! Logging: the events that are logged, their format, and their destination.
//!
//! Events of job-scanner are logged from the configured level up. Events of libraries are logged
//! only if they are at least warnings, at every level: their other events contain headers and
//! addresses, which may be secret.
//!
//! A person who waits at a terminal for the result of a command sees only warnings and errors, each
//! as one short line, without those that the result repeats. `--log-level`, `--log-format` and
//! `LOG_LEVEL` ask for the log instead.
//!
//! Fields may contain text from boards and adapters, so every line is escaped before it is written.
//! Such text cannot end a line, move the cursor or reverse the text direction.

use std::io::{self, IsTerminal as _, Write};

use job_scanner_config::{LogFormat, LogLevel, LoggingConfig};
use job_scanner_core::escape::Printable;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::brief_lines::BriefLines;
use crate::terminal::StderrLines;

/// The prefix of the targets of job-scanner's events.
const TARGET_PREFIX: &str = "job_scanner";

/// The targets of the database driver's events. It warns of slow statements, which only an operator
/// who reads a log can judge.
const DRIVER_TARGET: &str = "sqlx";

/// The use of the process by the person who started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It runs until it is stopped.
    Service,
    /// It prints a result and ends.
    Result,
}

/// Starts logging to standard error for the whole process. Fails if a subscriber is already set.
pub fn init(config: LoggingConfig, purpose: Purpose) -> Result<(), TryInitError> {
    let is_watched = io::stderr().is_terminal();
    if is_watched && purpose == Purpose::Result && !config.is_requested {
        return brief_subscriber(config.level, || StderrLines).try_init();
    }
    if is_watched {
        return watched_subscriber(config, || StderrLines).try_init();
    }
    subscriber(config, || StderrLines).try_init()
}

/// Returns a subscriber that logs to `writer`, one whole line at a time.
pub fn subscriber<W>(config: LoggingConfig, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    filtered(config, targets(config.level), writer)
}

/// Returns a subscriber like [`subscriber`], for a terminal: warnings of the database driver are
/// logged only from the level `debug`.
fn watched_subscriber<W>(config: LoggingConfig, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let targets = targets(config.level);
    let targets = if config.level < LogLevel::Debug {
        targets.with_target(DRIVER_TARGET, LevelFilter::ERROR)
    } else {
        targets
    };
    filtered(config, targets, writer)
}

fn targets(level: LogLevel) -> Targets {
    let level = filter_of(level);

    // `min` is the less verbose level: at level `error`, warnings of libraries are not logged.
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target(TARGET_PREFIX, level)
}

fn filtered<W>(config: LoggingConfig, targets: Targets, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let writer = EscapingWriter {
        inner: writer,
        format: config.format,
    };
    Registry::default().with(lines(config.format, writer).with_filter(targets))
}

/// Returns a subscriber that writes short lines to `writer`: our warnings and errors, and errors of
/// libraries.
fn brief_subscriber<W>(level: LogLevel, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = filter_of(level);
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::ERROR))
        .with_target(TARGET_PREFIX, level.min(LevelFilter::WARN));
    let writer = EscapingWriter {
        inner: writer,
        format: LogFormat::KeyValue,
    };
    let lines = tracing_subscriber::fmt::layer()
        .event_format(BriefLines)
        .with_writer(writer);
    Registry::default().with(lines.with_filter(targets))
}

fn lines<W>(format: LogFormat, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    match format {
        LogFormat::KeyValue => tracing_logfmt::builder()
            .with_span_path(false)
            .layer()
            .with_writer(writer)
            .boxed(),
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_writer(writer)
            .boxed(),
    }
}

fn filter_of(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// Escapes the text that is written through it. Each call writes one line.
struct EscapingWriter<W> {
    inner: W,
    format: LogFormat,
}

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for EscapingWriter<W> {
    type Writer = EscapingWriter<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        EscapingWriter {
            inner: self.inner.make_writer(),
            format: self.format,
        }
    }
}

impl<W: Write> Write for EscapingWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let mut escaped = Printable(text).to_string();
        if escaped != text && self.format == LogFormat::Json {
            escaped = escape_json(text);
        }

        // Written in one call, so that lines of another process that writes to the same file do not
        // end up in between.
        escaped.push('\n');
        self.inner.write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Escapes characters like JSON. They are all inside strings: the rest of JSON is plain ASCII.
fn escape_json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut bytes = [0; 4];
    for c in text.chars() {
        let c = c.encode_utf8(&mut bytes);
        if Printable(c).to_string() == *c {
            escaped.push_str(c);
        } else {
            escaped.extend(c.encode_utf16().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::{debug, error, info, info_span, warn};

    use super::*;

    /// Returns the lines that are logged while `log` runs.
    fn logged(level: LogLevel, format: LogFormat, log: impl FnOnce()) -> String {
        let config = LoggingConfig {
            level,
            format,
            ..LoggingConfig::default()
        };
        written(|writer| subscriber(config, writer), log)
    }

    /// Returns the lines that a subscriber writes while `log` runs.
    fn written<S: Subscriber + Send + Sync>(
        subscriber: impl FnOnce(SharedBuffer) -> S,
        log: impl FnOnce(),
    ) -> String {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let subscriber = subscriber(SharedBuffer(lines.clone()));
        tracing::subscriber::with_default(subscriber, log);
        String::from_utf8(lines.lock().unwrap().clone()).unwrap()
    }

    struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

    impl<'w> MakeWriter<'w> for SharedBuffer {
        type Writer = BufferWriter;

        fn make_writer(&'w self) -> BufferWriter {
            BufferWriter(self.0.clone())
        }
    }

    struct BufferWriter(Arc<Mutex<Vec<u8>>>);

    impl Write for BufferWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_key_value_line_holds_the_fields_of_its_spans() {
        let line = logged(LogLevel::Info, LogFormat::KeyValue, || {
            let _run = info_span!("run", run.id = 7).entered();
            let _scan = info_span!("scan", source.key = "greenhouse/acme").entered();
            info!(jobs = 3, "scanned");
        });
        assert!(line.contains(" level=info "), "{line}");
        assert!(
            line.contains(" message=scanned jobs=3 run.id=7 source.key=greenhouse/acme\n"),
            "{line}"
        );
    }

    #[test]
    fn a_json_line_is_one_object_with_the_fields_of_its_spans() {
        let line = logged(LogLevel::Info, LogFormat::Json, || {
            let _scan = info_span!("scan", source.key = "greenhouse/acme").entered();
            info!(jobs = 3, "scanned");
        });
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], "scanned");
        assert_eq!(line["jobs"], 3);
        assert_eq!(line["spans"][0]["source.key"], "greenhouse/acme");
    }

    #[test]
    fn events_below_the_level_are_not_logged() {
        let lines = logged(LogLevel::Warn, LogFormat::KeyValue, || {
            error!("one");
            warn!("two");
            info!("three");
        });
        assert_eq!(lines.lines().count(), 2, "{lines}");
    }

    #[test]
    fn events_of_libraries_are_logged_only_from_warnings_up() {
        let lines = logged(LogLevel::Trace, LogFormat::KeyValue, || {
            warn!(target: "hyper::client", "library warning");
            info!(target: "hyper::client", "authorization: marker");
            debug!("ours");
        });
        assert!(
            lines.contains("library warning") && lines.contains("ours"),
            "{lines}"
        );
        assert!(!lines.contains("marker"), "{lines}");
    }

    #[test]
    fn a_person_who_waits_for_a_result_sees_only_short_warnings() {
        let brief = |level| {
            written(
                |writer| brief_subscriber(level, writer),
                || {
                    let _scan = info_span!("scan", source.key = "lever/initech").entered();
                    info!("scanning");
                    warn!(event = "source.failed", "the result says this too");
                    warn!(event = "run.clock_in_doubt", "the clock is ahead\u{1b}");
                    error!(error = "disk full", "cannot record the run");
                    warn!(target: "sqlx::query", "slow statement");
                    warn!({ source.key = "gem/acme" }, "3 jobs without a title");
                    warn!(
                        event = "notification.failed",
                        source.key = "gem/a gem/b",
                        "no mail"
                    );
                },
            )
        };
        let of_sources = "warning: gem/acme: 3 jobs without a title\nwarning: no mail\n";
        let error = "error: cannot record the run: disk full\n";
        assert_eq!(
            brief(LogLevel::Trace),
            format!("warning: the clock is ahead\\u{{1b}}\n{error}{of_sources}")
        );
        assert_eq!(brief(LogLevel::Error), error);
    }

    #[test]
    fn slow_statements_are_shown_on_a_terminal_only_from_debug() {
        let shown = |level| {
            let config = LoggingConfig {
                level,
                ..LoggingConfig::default()
            };
            written(
                |writer| watched_subscriber(config, writer),
                || {
                    warn!(target: "sqlx::query", "slow statement");
                    warn!(target: "hyper::client", "library warning");
                },
            )
            .lines()
            .count()
        };
        assert_eq!((shown(LogLevel::Info), shown(LogLevel::Debug)), (1, 2));
    }

    const HOSTILE: &str = "a\nb\u{1b}[2J\u{202e}c\u{9b}";

    #[test]
    fn untrusted_text_cannot_break_out_of_a_key_value_line() {
        let line = logged(LogLevel::Info, LogFormat::KeyValue, || {
            info!(title = HOSTILE, "{HOSTILE}");
        });
        assert_eq!(line.matches('\n').count(), 1, "{line:?}");
        assert!(
            line.ends_with('\n') && !line.trim_end().chars().any(char::is_control),
            "{line:?}"
        );
        assert!(!line.contains('\u{202e}'), "{line:?}");
    }

    #[test]
    fn untrusted_text_is_escaped_in_json_and_parses_back() {
        let line = logged(LogLevel::Info, LogFormat::Json, || {
            info!(title = HOSTILE, "read");
        });
        assert!(
            line.ends_with('\n')
                && line
                    .trim_end()
                    .chars()
                    .all(|c| c.is_ascii_graphic() || c == ' '),
            "{line:?}"
        );
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["title"], HOSTILE);
    }
}
