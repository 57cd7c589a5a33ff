//! The message about the change that a person has just made.

use job_scanner_core::escape::Printable;
use job_scanner_store::{ChangeId, JobId, RecentChange, RecentSubject, Store};

use crate::pages::error::PageError;
use crate::pages::link::job_page;
use crate::pages::matches::ReadQuery;
use crate::pages::matches::card::{Card, label, start};

/// The longest title in a message, in characters.
const TITLE: usize = 120;

/// A message above a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Banner {
    pub(crate) text: String,
    /// The address and the title of the job that it is about.
    pub(crate) link: Option<(String, String)>,
    /// The change that can be undone.
    pub(crate) undo: Option<i64>,
    pub(crate) is_warning: bool,
}

/// The change that a person has just made, or the reason why there is none.
pub(crate) struct Changed {
    change: Option<RecentChange>,
    is_outdated: bool,
}

impl Changed {
    /// Reads the change that the address of a page names.
    pub(crate) async fn read(
        store: &Store,
        change: Option<ChangeId>,
        outdated: &str,
    ) -> Result<Self, PageError> {
        let change = match change {
            Some(id) => store.recent_change(id).await?,
            None => None,
        };
        Ok(Self {
            change: change.filter(|change| change.is_last),
            is_outdated: !outdated.is_empty(),
        })
    }

    /// Returns the message about the change.
    pub(crate) fn banner(&self) -> Option<Banner> {
        if self.is_outdated {
            return Some(Banner {
                text: "Nothing was changed: it was decided about in the meantime. The page shows the current state."
                    .to_owned(),
                is_warning: true,
                ..Banner::default()
            });
        }
        self.change.as_ref().map(Banner::from)
    }

    /// Puts the job of the change into the list at the place where it was, so that a person goes on
    /// from there. Otherwise the message is above the list.
    pub(crate) async fn placed(
        self,
        store: &Store,
        mut cards: Vec<Card>,
        read: &ReadQuery,
        next: Option<JobId>,
    ) -> Result<(Vec<Card>, Option<Banner>), PageError> {
        let Some((change, key, job)) = self.job() else {
            let banner = self.banner();
            return Ok((cards, banner));
        };
        let is_on_page =
            read.after.is_none_or(|after| job < after) && next.is_none_or(|last| job >= last);
        let listed = store.job_with_id(key, read.filter.now).await?;
        let Some((_, listed)) = listed.filter(|_| is_on_page) else {
            let banner = self.banner();
            return Ok((cards, banner));
        };

        let id = i64::from(job);
        cards.retain(|card| card.id != id);
        let at = cards.partition_point(|card| card.id > id);
        let profile = read.filter.profile.as_deref();
        let mut card = Card::new(id, &listed, profile, read.filter.now).changed(change);
        card.is_here = true;
        cards.insert(at, card);
        Ok((cards, None))
    }

    /// Returns the change and its job, if it is about a job that is stored.
    fn job(&self) -> Option<(ChangeId, &job_scanner_core::key::JobKey, JobId)> {
        let change = self.change.as_ref().filter(|_| !self.is_outdated)?;
        match &change.subject {
            RecentSubject::Vacancy {
                key,
                job: Some((id, _)),
            } => Some((change.id, key, *id)),
            _ => None,
        }
    }
}

impl From<&RecentChange> for Banner {
    fn from(change: &RecentChange) -> Self {
        let (text, link) = match &change.subject {
            RecentSubject::Vacancy { key, job } => {
                let title = job.as_ref().map(|(_, title)| start(title, TITLE));
                let title = title.unwrap_or_else(|| key.to_string());
                (decided(change), Some((job_page(key), title)))
            }
            RecentSubject::Company(name) => (about_company(change, name), None),
        };
        Self {
            text,
            link,
            undo: Some(change.id.into()),
            is_warning: false,
        }
    }
}

fn decided(change: &RecentChange) -> String {
    let decision = change
        .decision
        .as_deref()
        .and_then(|word| word.parse().ok());
    match decision {
        Some(decision) => format!("{}:", label(decision)),
        None => "Taken back:".to_owned(),
    }
}

fn about_company(change: &RecentChange, name: &str) -> String {
    let name = Printable(name);
    match (&change.decision, change.until) {
        (None, _) => format!("Jobs of {name} are shown again."),
        (Some(_), None) => format!("Jobs of {name} are hidden."),
        (Some(_), Some(until)) => format!("Jobs of {name} are hidden until {until}."),
    }
}
