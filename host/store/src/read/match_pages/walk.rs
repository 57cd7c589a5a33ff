//! The walk over the postings that a filter may show, newest first.
//!
//! A statement selects by columns. Names of companies and words of a search are compared here,
//! since SQLite knows neither accents nor the case of letters beyond ASCII.

use job_scanner_core::decision::Decision;
use job_scanner_core::job::{Location, ShownCompany};
use job_scanner_row_derive::FromRow;

use crate::columns::Row;
use crate::decision::silence::HiddenNames;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId};
use crate::read::match_pages::filter::{MatchFilter, MatchView};

/// The columns that decide if a posting is shown.
#[derive(Debug, FromRow)]
pub(super) struct MatchPosting {
    pub(super) job_id: JobId,
    pub(super) cluster_id: ClusterId,
    /// True if the vacancy has other postings.
    pub(super) has_others: bool,
    title: String,
    company: Option<String>,
    locations: String,
    source_name: String,
}

/// The postings to walk over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    /// Those that are older than this one, newest first; `None` for all.
    Before(Option<JobId>),
    /// Those of one vacancy that are as new as this one or newer.
    OfCluster(ClusterId, JobId),
}

/// The description is not among the columns: SQLite reads its pages only if it is.
const COLUMNS: &str = "SELECT j.job_id, m.cluster_id, v.title, v.company, v.locations, s.name AS source_name,
     EXISTS (SELECT 1 FROM cluster_jobs o WHERE o.cluster_id = m.cluster_id AND o.job_id <> j.job_id) AS has_others";

/// The other tables of a posting. `CROSS JOIN` keeps the order, so that the walk needs no sort.
const POSTING: &str = "
     CROSS JOIN sources s ON s.source_id = j.source_id
     CROSS JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash";

/// A match of the current version of a posting.
const MATCH: &str =
    "x.job_id = j.job_id AND x.content_hash = j.content_hash AND x.outdated_at IS NULL";

/// Builds the statement that selects the postings of a range.
pub(super) fn select_postings(filter: &MatchFilter, range: Range) -> Statement<'_> {
    let mut statement = Statement::new(COLUMNS);
    match (filter.view, range) {
        (_, Range::OfCluster(..)) => {
            statement.push(
                " FROM cluster_jobs m CROSS JOIN jobs j ON j.job_id = m.job_id
                 LEFT JOIN decisions y ON y.cluster_id = m.cluster_id",
            );
        }
        (MatchView::Decided(_), Range::Before(_)) => {
            statement.push(
                " FROM decisions y CROSS JOIN cluster_jobs m ON m.cluster_id = y.cluster_id
                 CROSS JOIN jobs j ON j.job_id = m.job_id",
            );
        }
        (MatchView::Undecided | MatchView::All, Range::Before(_)) => {
            // The index of the key of `matches` has the jobs in order.
            statement
                .push(" FROM matches x CROSS JOIN jobs j ON ")
                .push(MATCH)
                .push(
                    " CROSS JOIN cluster_jobs m ON m.job_id = j.job_id
                 LEFT JOIN decisions y ON y.cluster_id = m.cluster_id",
                );
        }
    }
    statement.push(POSTING).push(" WHERE TRUE");

    push_view(&mut statement, filter.view);
    push_profile(&mut statement, filter, range);
    push_values(&mut statement, filter);
    push_range(&mut statement, filter, range);
    statement
}

fn push_view(statement: &mut Statement<'_>, view: MatchView) {
    match view {
        MatchView::Undecided => {
            statement.push(" AND j.closed_at IS NULL AND y.cluster_id IS NULL");
        }
        MatchView::All => {
            statement.push(" AND j.closed_at IS NULL");
        }
        MatchView::Decided(decision) => {
            statement
                .push(" AND y.decision = ")
                .push_bind(decision.as_str());
        }
    }
}

fn push_profile(statement: &mut Statement<'_>, filter: &MatchFilter, range: Range) {
    let is_joined = walks_matches(filter.view, range);
    let needs_match = !matches!(filter.view, MatchView::Decided(_));
    if is_joined {
        if let Some(profile) = &filter.profile {
            statement
                .push(" AND x.profile = ")
                .push_bind(profile.clone());
        }
    } else if needs_match || filter.profile.is_some() {
        statement
            .push(" AND EXISTS (SELECT 1 FROM matches x WHERE ")
            .push(MATCH);
        if let Some(profile) = &filter.profile {
            statement
                .push(" AND x.profile = ")
                .push_bind(profile.clone());
        }
        statement.push(")");
    }
}

fn push_values(statement: &mut Statement<'_>, filter: &MatchFilter) {
    if let Some(source) = &filter.source {
        statement
            .push(" AND s.adapter = ")
            .push_bind(source.adapter.as_str().to_owned())
            .push(" AND s.identifier = ")
            .push_bind(source.identifier.as_str().to_owned());
    }
    if let Some(workplace) = filter.workplace {
        statement
            .push(" AND v.workplace = ")
            .push_bind(workplace.as_str());
    }
    if let Some(country) = &filter.country {
        // A version from before there were facts has the countries that its board states.
        statement
            .push(
                " AND EXISTS (SELECT 1 FROM json_each(CASE WHEN v.facts IS NULL THEN v.locations
                     ELSE v.facts -> '$.places' END) p WHERE p.value ->> '$.country' = ",
            )
            .push_bind(country.clone())
            .push(")");
    }
}

fn push_range(statement: &mut Statement<'_>, filter: &MatchFilter, range: Range) {
    let job = if walks_matches(filter.view, range) {
        "x.job_id"
    } else {
        "j.job_id"
    };
    match range {
        Range::OfCluster(cluster, from) => {
            statement
                .push(" AND m.cluster_id = ")
                .push_bind(cluster)
                .push(" AND j.job_id >= ")
                .push_bind(from);
        }
        Range::Before(Some(after)) => {
            statement.push(format!(" AND {job} < ")).push_bind(after);
        }
        Range::Before(None) => {}
    }
    statement.push(format!(" ORDER BY {job} DESC"));
}

/// Returns true if the statement reads the table `matches` from its newest row.
fn walks_matches(view: MatchView, range: Range) -> bool {
    let is_decided = matches!(view, MatchView::Decided(_));
    matches!(range, Range::Before(_)) && !is_decided
}

impl MatchPosting {
    /// Returns true if the parts of the filter that the statement does not know let it pass.
    pub(super) fn passes(
        &self,
        filter: &MatchFilter,
        hidden: &HiddenNames,
    ) -> Result<bool, StoreError> {
        let is_silent = filter.view == MatchView::Undecided
            && hidden
                .reason(None::<Decision>, self.company.as_deref(), &self.source_name)
                .is_some();
        if is_silent {
            return Ok(false);
        }
        let Some(search) = &filter.search else {
            return Ok(true);
        };

        let row = Row::new("jobs", self.job_id);
        let places: Vec<Location> = row.json("locations", &self.locations)?;
        let company = ShownCompany::of(self.company.as_deref(), &self.source_name).name;
        let mut texts = vec![self.title.as_str(), company];
        texts.extend(places.iter().map(|place| place.name.as_str()));
        Ok(search.finds(&texts))
    }
}
