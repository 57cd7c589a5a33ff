//! The content of one message, as the templates get it.
//!
//! Pure. The templates only arrange this content, so text and HTML say the same. Unknown facts are
//! omitted rather than guessed.

use job_scanner_store::ClaimedDelivery;
use serde::Serialize;

use super::boards::{BoardEntry, board_entry};
use super::job_entry::{JobEntry, job_entry};
use super::notices::{NoticeEntry, notice_entry};
use super::opening::{Opening, is_first, opening, part_and_total, part_number, rest};
use super::page_links::{MessageLink, PageAddress};
use crate::by_job::by_job;

/// The content of one message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct MessageContent {
    /// Selects the templates.
    #[serde(skip)]
    pub(crate) layout: Layout,
    /// One line.
    pub(crate) subject: String,
    /// The first line of the body.
    pub(crate) headline: String,
    /// The boards that a first scan has read; empty in all other messages, and in the further
    /// messages about one scan.
    pub(crate) boards: Vec<BoardEntry>,
    /// The number of boards that are not listed.
    pub(crate) more_boards: u64,
    /// At least one job; empty in a message about sources.
    pub(crate) jobs: Vec<JobEntry>,
    /// Changes in the state of sources; empty in all other messages.
    pub(crate) notices: Vec<NoticeEntry>,
    /// The place of the other jobs or notices, if this is one of several messages.
    pub(crate) rest: Option<String>,
    /// The link to the page; `None` if the configuration has no address of it.
    pub(super) page: Option<MessageLink>,
}

/// The layout of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One job with all known facts.
    Job,
    /// Several jobs, a few lines each.
    Digest,
    /// Boards, and the matching jobs on them.
    Baseline,
    /// Sources that fail or have recovered.
    Health,
}

impl MessageContent {
    /// Returns the content of a delivery's message, with links to the page if it has an address.
    pub(crate) fn of(delivery: &ClaimedDelivery, page: Option<&PageAddress>) -> Self {
        let jobs = by_job(&delivery.alerts);
        let Opening {
            layout,
            mut subject,
            mut headline,
            end,
        } = opening(delivery, &jobs);
        if let Some(part) = &delivery.part {
            subject = format!("{subject} ({})", part_number(part));
            headline = format!("{headline} ({})", part_and_total(part, delivery.kind));
        }
        headline.push(end);

        let has_boards = delivery.part.as_ref().is_none_or(is_first);
        let boards: &[_] = if has_boards { &delivery.baselines } else { &[] };
        let shown = (jobs.len() + delivery.notices.len()) as u64;
        let rest = |part| rest(part, delivery.kind, shown);
        Self {
            layout,
            subject,
            headline,
            boards: boards.iter().map(board_entry).collect(),
            more_boards: if has_boards {
                delivery.more_baselines
            } else {
                0
            },
            jobs: jobs
                .iter()
                .map(|alerts| job_entry(alerts, delivery, page))
                .collect(),
            notices: delivery.notices.iter().map(notice_entry).collect(),
            rest: delivery.part.as_ref().map(rest),
            page: page.map(|page| page.message(delivery)),
        }
    }
}

impl MessageContent {
    /// Returns the word for the kind of the message, as a webhook gets it.
    pub(crate) fn kind(&self) -> &'static str {
        match self.layout {
            Layout::Job => "job",
            Layout::Digest => "digest",
            Layout::Baseline => "first-scan",
            Layout::Health => "health",
        }
    }

    /// Returns the page of the job; `None` unless the message has exactly one.
    pub(crate) fn only_link(&self) -> Option<&str> {
        match &self.jobs[..] {
            [job] => job.url.as_deref(),
            _ => None,
        }
    }
}
