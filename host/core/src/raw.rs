//! A vacancy as an adapter returned it: the contract's `raw-job` in our own types, not validated
//! yet.
//!
//! The sandbox converts every contract version to these types. [`crate::normalize`] converts them
//! to [`crate::job::Job`]s.

use serde::{Deserialize, Serialize};

use crate::words;

/// A vacancy as the adapter returned it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawJob {
    /// Unique within the source, stable from scan to scan.
    pub external_id: String,
    /// The title, possibly with surplus white space.
    pub title: String,
    /// The absolute URL of the public page.
    pub url: String,
    /// The page to apply on, if it is another page.
    pub apply_url: Option<String>,
    /// The employer, if the board names it.
    pub company: Option<String>,
    pub department: Option<String>,
    /// The places of work, in the board's order.
    pub locations: Vec<RawLocation>,
    /// The workplace; `None` if the board does not state it.
    pub workplace: Option<Workplace>,
    /// The employment type in the board's words, such as `Full-time`.
    pub employment_type: Option<String>,
    /// The pay; `None` if unknown.
    pub salary: Option<Salary>,
    /// The text; `None` if the board does not provide it.
    pub description: Option<Description>,
    /// The BCP 47 tag of the text's language.
    pub language: Option<String>,
    /// RFC 3339 with an offset, or a plain date.
    pub posted_at: Option<String>,
    /// RFC 3339 with an offset, or a plain date.
    pub updated_at: Option<String>,
    /// RFC 3339 with an offset, or a plain date.
    pub expires_at: Option<String>,
    /// A value that changes exactly when the job changes, if the board has one.
    pub revision: Option<String>,
    /// Further names and values. They are shown and found by queries, but never matched with a
    /// profile, mailed or part of the content hash.
    pub extra: Vec<(String, String)>,
}

/// The text of a vacancy, in the board's format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Description {
    /// HTML, not escaped.
    Html(String),
    /// Plain text.
    Text(String),
    /// Not in the listing. The token fetches it.
    Deferred(String),
}

/// A place as the adapter read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawLocation {
    /// The name as a person would read it.
    pub name: String,
    /// Present only if the board provides it separately.
    pub city: Option<String>,
    /// Present only if the board provides it separately.
    pub region: Option<String>,
    /// An ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
}

words! {
    /// The kind of place where the work is done.
    pub enum Workplace: "a workplace" {
        /// At the employer's site.
        OnSite = "on-site",
        /// Partly at the employer's site.
        Hybrid = "hybrid",
        /// Anywhere, or anywhere within the locations.
        Remote = "remote",
    }
}

words! {
    /// The period that a salary's numbers refer to.
    pub enum PayPeriod: "a pay period" {
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
        Year = "year",
    }
}

/// The pay of a job, in major units (whole euros, not cents). Unknown values stay `None`; they are
/// never guessed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Salary {
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// An ISO 4217 code.
    pub currency: Option<String>,
    pub period: Option<PayPeriod>,
    /// The board's words, if it has only words.
    pub text: Option<String>,
}

impl RawJob {
    /// Returns the token that fetches the text, if the text is not in the listing.
    pub fn deferred(&self) -> Option<&str> {
        match &self.description {
            Some(Description::Deferred(token)) => Some(token),
            _ => None,
        }
    }
}
