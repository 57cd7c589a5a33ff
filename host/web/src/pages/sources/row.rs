//! One source in the list: its state, the reason for it, and what a person can do.

use jiff::Timestamp;
use job_scanner_core::quantity::counted;
use job_scanner_store::{Doubt, SourceError, SourceHealth};
use job_scanner_views::cells::{minute, whole};
use job_scanner_views::sources::{SourceState, SourceStatus};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::pages::sources::budgets;
use crate::pages::sources::budgets::BudgetLine;
use crate::pages::times::{ago, ahead, lasting};

/// A source as the page shows it. Texts of boards are escaped.
pub(crate) struct SourceRow {
    /// The key as it is, for forms.
    pub(crate) key: String,
    pub(crate) shown_key: String,
    pub(crate) name: String,
    pub(crate) state: &'static str,
    /// The class of the state: `good`, `bad`, `quiet`.
    pub(crate) tone: &'static str,
    /// The age of the state, such as `for 3 h`; empty if it says nothing more.
    pub(crate) lasts: String,
    pub(crate) open_jobs: String,
    pub(crate) last_success: Option<Moment>,
    pub(crate) next_due: Option<Moment>,
    pub(crate) problem: Option<Problem>,
    /// The doubt about the listing, in words.
    pub(crate) doubt: Option<String>,
    pub(crate) budgets: Vec<BudgetLine>,
    /// True if the last scan nearly used up a budget.
    pub(crate) is_tight: bool,
    pub(crate) is_paused: bool,
    /// False for sources that the configuration disables or no longer names.
    pub(crate) can_scan: bool,
}

/// A time, absolute and relative.
pub(crate) struct Moment {
    pub(crate) at: String,
    pub(crate) words: String,
}

/// The last error of a source.
pub(crate) struct Problem {
    /// The kind of failure, and the message.
    pub(crate) message: String,
    pub(crate) advice: String,
    /// The number of failures and their beginning.
    pub(crate) times: String,
}

impl SourceRow {
    pub(crate) fn new(status: &SourceStatus, now: Timestamp) -> Self {
        let health = status.health.as_ref();
        let key = status.key.to_string();
        let budgets = budgets::lines(health.and_then(|health| health.budget.as_ref()));
        let is_tight = budgets.iter().any(|line| line.is_tight);
        let success = health.and_then(|health| health.last_success_at);

        Self {
            shown_key: whole(&key),
            key,
            name: whole(&status.name),
            state: status.state.describe(),
            tone: tone(status),
            lasts: lasts(status, now),
            open_jobs: counted(
                health.map_or(0, |health| health.open_jobs),
                "open job",
                "open jobs",
            ),
            last_success: success.map(|at| Moment::past(at, now)),
            next_due: status.next_due_at.map(|at| Moment::future(at, now)),
            problem: health.and_then(|health| Problem::of(health, status.gone)),
            doubt: health.and_then(|health| health.doubt).map(doubt),
            is_tight,
            budgets,
            is_paused: status.state == SourceState::Paused,
            can_scan: status.enabled,
        }
    }

    /// Returns the id of the row's element.
    pub(crate) fn anchor(&self) -> String {
        anchor(&self.key)
    }
}

impl Moment {
    fn past(at: Timestamp, now: Timestamp) -> Self {
        Self {
            at: minute(at),
            words: ago(at, now),
        }
    }

    fn future(at: Timestamp, now: Timestamp) -> Self {
        Self {
            at: minute(at),
            words: ahead(at, now),
        }
    }
}

impl Problem {
    fn of(health: &SourceHealth, gone: bool) -> Option<Self> {
        let SourceError { kind, message } = health.error.as_ref()?;
        let failed = counted(
            u64::from(health.consecutive_failures),
            "failed scan",
            "failed scans",
        );
        let note = if gone {
            " The board has not been found for days, so it is scanned only once a day."
        } else {
            ""
        };
        Some(Self {
            message: format!("{kind}: {}", whole(message)),
            advice: format!("{}{note}", kind.advice(message)),
            times: match health.failing_since {
                Some(since) => format!("{failed} since {}", minute(since)),
                None => failed,
            },
        })
    }
}

/// Returns the id of the element of a source. Keys have characters that an address cannot have.
pub(crate) fn anchor(key: &str) -> String {
    let encoded = utf8_percent_encode(key, NON_ALPHANUMERIC).to_string();
    format!("s-{}", encoded.replace('%', "-"))
}

/// Returns true if the source needs attention: it fails, lists only a part, or is in doubt.
pub(crate) fn is_failing(status: &SourceStatus) -> bool {
    let in_doubt = status
        .health
        .as_ref()
        .is_some_and(|health| health.doubt.is_some());
    match status.state {
        SourceState::Failing | SourceState::Partial => true,
        SourceState::Ok => in_doubt,
        _ => false,
    }
}

fn tone(status: &SourceStatus) -> &'static str {
    match status.state {
        _ if is_failing(status) => "bad",
        SourceState::Ok => "good",
        _ => "quiet",
    }
}

fn lasts(status: &SourceStatus, now: Timestamp) -> String {
    let health = status.health.as_ref();
    let begun = health.and_then(|health| match status.state {
        SourceState::Paused => health.paused_at,
        SourceState::Failing => health.failing_since,
        _ => None,
    });
    begun.map_or_else(String::new, |at| lasting(at, now))
}

fn doubt(doubt: Doubt) -> String {
    let Doubt {
        since,
        listed,
        before,
    } = doubt;
    format!(
        "The board lists {listed} of {} since {}. The others stay open until further complete listings confirm that \
         they are gone.",
        counted(before, "job", "jobs"),
        minute(since)
    )
}
