//! The list of sources (`/sources`).

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_views::cells::whole;
use job_scanner_views::sources::{SourceState, SourceStatus};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::link::with_query;
use crate::pages::sources::progress::ProgressView;
use crate::pages::sources::row::{SourceRow, is_failing};
use crate::source_states::source_states;
use crate::state::WebState;

/// The number of sources on one page. Each is about 2 KB of HTML.
const PAGE_SIZE: usize = 100;

/// The parameters of the list.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct ListQuery {
    /// The word of a [`Filter`]; empty for all.
    #[serde(default)]
    show: String,
    /// A part of the names or keys.
    #[serde(default)]
    q: String,
    /// The number of the page, from 1.
    page: Option<usize>,
    /// The keys of sources that were just added, separated by commas.
    added: Option<String>,
}

/// The sources that the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Failing,
    Paused,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    layout: Layout,
    query: ListQuery,
    /// The sources that were just added; `None` if there are none.
    added: Option<String>,
    progress: ProgressView,
    tabs: Vec<FilterTab>,
    rows: Vec<SourceRow>,
    /// The number of sources that the filter and the search leave.
    found: String,
    empty: &'static str,
    newer: Option<String>,
    older: Option<String>,
}

struct FilterTab {
    name: String,
    href: String,
    is_current: bool,
}

/// Shows the sources.
pub(crate) async fn sources(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let statuses = source_states(&state.pipeline()).await?;
    let filter = Filter::of(&query.show);
    let shown: Vec<&SourceStatus> = statuses
        .iter()
        .filter(|status| filter.shows(status) && is_found(status, &query.q))
        .collect();

    let page = query.page.unwrap_or(1).max(1);
    let first = (page - 1).saturating_mul(PAGE_SIZE);
    let has_more = shown.len() > first.saturating_add(PAGE_SIZE);
    let now = state.now();
    let of_page = shown.iter().skip(first).take(PAGE_SIZE);

    html(&SourcesPage {
        layout: Layout::entry(Section::Sources, &visitor),
        progress: state.progress_view(),
        tabs: Filter::tabs(filter, &statuses, &query.q),
        rows: of_page.map(|status| SourceRow::new(status, now)).collect(),
        found: counted(shown.len() as u64, "source", "sources"),
        empty: filter.empty(),
        newer: (page > 1).then(|| query.on_page(page - 1)),
        added: query.added.as_deref().and_then(added_keys),
        older: has_more.then(|| query.on_page(page + 1)),
        query,
    })
}

/// Returns the keys of added sources, escaped. `None` for a text that has other words: a link could
/// otherwise make the page say anything.
fn added_keys(text: &str) -> Option<String> {
    let is_key = |part: &str| part.parse::<SourceKey>().is_ok();
    let mut keys = text.split(", ");
    keys.all(is_key).then(|| whole(text))
}

/// Returns true if the search hits the name or the key.
fn is_found(status: &SourceStatus, searched: &str) -> bool {
    let searched = searched.trim().to_lowercase();
    let key = status.key.to_string().to_lowercase();
    searched.is_empty() || key.contains(&searched) || status.name.to_lowercase().contains(&searched)
}

impl ListQuery {
    fn on_page(&self, page: usize) -> String {
        let page = page.to_string();
        let parameters = [
            ("show", self.show.as_str()),
            ("q", self.q.as_str()),
            ("page", page.as_str()),
        ];
        with_query("/sources", parameters)
    }
}

impl Filter {
    const ALL: [Self; 3] = [Self::All, Self::Failing, Self::Paused];

    /// Returns the filter with this word. An unknown word shows all.
    fn of(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|filter| filter.word() == word);
        known.unwrap_or(Self::All)
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Failing => "failing",
            Self::Paused => "paused",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Failing => "Failing",
            Self::Paused => "Paused",
        }
    }

    fn empty(self) -> &'static str {
        match self {
            Self::All => "No source has this name or key.",
            Self::Failing => "No source is failing.",
            Self::Paused => "No source is paused.",
        }
    }

    fn shows(self, status: &SourceStatus) -> bool {
        match self {
            Self::All => true,
            Self::Failing => is_failing(status),
            Self::Paused => status.state == SourceState::Paused,
        }
    }

    fn tabs(current: Self, statuses: &[SourceStatus], searched: &str) -> Vec<FilterTab> {
        let tab = |filter: Self| {
            let count = statuses.iter().filter(|it| filter.shows(it)).count();
            FilterTab {
                name: format!("{} ({count})", filter.name()),
                href: with_query("/sources", [("show", filter.word()), ("q", searched)]),
                is_current: filter == current,
            }
        };
        Self::ALL.into_iter().map(tab).collect()
    }
}
