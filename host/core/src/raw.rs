//! A vacancy as an adapter returned it: the contract's `raw-job` in our own types, nothing checked
//! yet.
//!
//! The sandbox converts every contract version into these; [`crate::normalize`] turns them into
//! [`crate::job::Job`]s.

use serde::{Deserialize, Serialize};

use crate::words;

/// One vacancy as the adapter returned it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawJob {
    /// Unique within the source, stable from scan to scan.
    pub external_id: String,
    /// The vacancy's title, perhaps with stray white space.
    pub title: String,
    /// Absolute URL of the public page.
    pub url: String,
    /// Where to apply, when that is another page.
    pub apply_url: Option<String>,
    /// Who hires, when the board says so.
    pub company: Option<String>,
    /// The department or team.
    pub department: Option<String>,
    /// Where the work is, in the board's order.
    pub locations: Vec<RawLocation>,
    /// Where the work is done; `None` when the board does not say.
    pub workplace: Option<Workplace>,
    /// The board's words, such as `Full-time`.
    pub employment_type: Option<String>,
    /// What it pays; unknown stays `None`.
    pub salary: Option<Salary>,
    /// The text; `None` when this board does not tell.
    pub description: Option<Description>,
    /// BCP 47 tag of the text.
    pub language: Option<String>,
    /// RFC 3339 with offset, or a plain date.
    pub posted_at: Option<String>,
    /// RFC 3339 with offset, or a plain date.
    pub updated_at: Option<String>,
    /// RFC 3339 with offset, or a plain date.
    pub expires_at: Option<String>,
    /// Changes exactly when the job changed, if the board has such a thing.
    pub revision: Option<String>,
    /// Shown, never matched, hashed or mailed.
    pub extra: Vec<(String, String)>,
}

/// The text of a vacancy, in the form the board serves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Description {
    /// HTML, not escaped.
    Html(String),
    /// Plain text.
    Text(String),
    /// Not in the listing; the token fetches it.
    Deferred(String),
}

/// A place as the adapter read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawLocation {
    /// As a person would read it.
    pub name: String,
    /// Only where the board gives it apart.
    pub city: Option<String>,
    /// Only where the board gives it apart.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

words! {
    /// The place where the work is done.
    pub enum Workplace: "a workplace" {
        /// At the employer's.
        OnSite = "on-site",
        /// Partly at the employer's.
        Hybrid = "hybrid",
        /// Anywhere, or anywhere within the locations.
        Remote = "remote",
    }
}

words! {
    /// The time that a salary's numbers are counted over.
    pub enum PayPeriod: "a pay period" {
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
        /// A week.
        Week = "week",
        /// A month.
        Month = "month",
        /// A year.
        Year = "year",
    }
}

/// What a job pays. Major units (whole euros, not cents). Unknown stays `None`, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Salary {
    /// The lower end.
    pub min: Option<f64>,
    /// The upper end.
    pub max: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// What the numbers are counted over.
    pub period: Option<PayPeriod>,
    /// The board's words, where it has only words.
    pub text: Option<String>,
}

impl RawJob {
    /// What to ask for the text with, when it is not in the listing.
    pub fn deferred(&self) -> Option<&str> {
        match &self.description {
            Some(Description::Deferred(token)) => Some(token),
            _ => None,
        }
    }
}
