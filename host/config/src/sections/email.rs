//! `email`: how matches are grouped into messages, and how messages are sent. The mail server and
//! the recipients are set in the environment.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::reading::read::Section;

/// The grouping of matches into messages, and the sending of messages.
#[derive(Debug, Clone, PartialEq)]
pub struct EmailConfig {
    pub use_tls: UseTls,
    /// The number of quick retries within one attempt, before the delivery waits for its next
    /// attempt.
    pub max_retries: u32,
    /// The factor by which the delay grows with each quick retry.
    pub retry_backoff_multiplier: f64,
    /// The delay before the first quick retry.
    pub retry_initial_delay: Duration,
    /// The time for which a delivery is retried. Time in which no process could send is not
    /// counted.
    pub give_up_after: Duration,
    /// Up to this many matches of one run are sent in separate messages. More are sent together.
    pub digest_above: u32,
}

/// The encryption of the connection to the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseTls {
    /// Implicit TLS on port 465, STARTTLS on any other port. Encryption is optional for a server on
    /// this machine.
    Always,
    /// STARTTLS on any port.
    StartTls,
    /// Implicit TLS on any port.
    Implicit,
    /// No encryption.
    Never,
}

impl Default for EmailConfig {
    fn default() -> Self {
        Self {
            use_tls: UseTls::Always,
            max_retries: 3,
            retry_backoff_multiplier: 2.0,
            retry_initial_delay: Duration::from_secs(5),
            give_up_after: Duration::from_hours(72),
            digest_above: 5,
        }
    }
}

impl EmailConfig {
    const DELAY: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_mins(1);
    const GIVE_UP: RangeInclusive<Duration> =
        Duration::from_mins(1)..=Duration::from_hours(30 * 24);
    const USE_TLS: [(&str, UseTls); 4] = [
        ("true", UseTls::Always),
        ("false", UseTls::Never),
        ("starttls", UseTls::StartTls),
        ("implicit", UseTls::Implicit),
    ];

    pub(crate) fn read(root: &mut Section<'_>) -> Self {
        let default = Self::default();
        let read = root.section("email", |email| {
            let multiplier = "write a number from 1 to 10, such as `2.0`";
            Self {
                use_tls: email
                    .choice("use_tls", &Self::USE_TLS)
                    .unwrap_or(default.use_tls),
                max_retries: email
                    .small_integer("max_retries", 0..=10)
                    .unwrap_or(default.max_retries),
                retry_backoff_multiplier: email
                    .field("retry_backoff_multiplier")
                    .and_then(|field| field.parsed(parse_multiplier, multiplier))
                    .unwrap_or(default.retry_backoff_multiplier),
                retry_initial_delay: email
                    .field("retry_initial_delay")
                    .and_then(|field| field.seconds(&Self::DELAY, default.retry_initial_delay))
                    .unwrap_or(default.retry_initial_delay),
                give_up_after: email
                    .field("give_up_after")
                    .and_then(|field| field.duration(&Self::GIVE_UP, default.give_up_after))
                    .unwrap_or(default.give_up_after),
                digest_above: email
                    .small_integer("digest_above", 0..=1000)
                    .unwrap_or(default.digest_above),
            }
        });

        read.unwrap_or(default)
    }
}

fn parse_multiplier(text: &str) -> Result<f64, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1.0..=10.0).contains(number));
    number.ok_or_else(|| format!("`{}` is not a number from 1 to 10", text.escape_debug()))
}
