//! The page of matches.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use job_scanner_config::Config;
use job_scanner_core::decision::Decision;
use job_scanner_core::job::Workplace;
use job_scanner_store::{FoundMatches, HiddenCompany, MatchPage, MatchView, Store};

use crate::access::visitor::Visitor;
use crate::pages::decide::banner::{Banner, Changed};
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::matches::card::{Card, label, start};
use crate::pages::matches::query::{MatchQuery, ReadQuery};
use crate::state::WebState;

/// The number of jobs on a page: a few minutes of work, and less than 100 KB.
const JOBS_PER_PAGE: usize = 40;

/// With more sources, a list of all of them would make up most of the page.
const MAX_LISTED_SOURCES: usize = 60;

/// The longest name of a hidden company that is shown, in characters.
const COMPANY: usize = 200;

#[derive(Template)]
#[template(path = "matches.html")]
struct MatchesPage {
    layout: Layout,
    heading: String,
    tabs: Vec<Tab>,
    query: MatchQuery,
    profiles: Vec<String>,
    /// The key and the name of each source; empty if there are too many to choose from.
    sources: Vec<(String, String)>,
    workplaces: Vec<&'static str>,
    problems: Vec<String>,
    is_country_unknown: bool,
    banner: Option<Banner>,
    hidden_companies: Vec<ShownHidden>,
    cards: Vec<Card>,
    found: Option<String>,
    empty: Empty,
    /// The address of this page, for forms.
    back: String,
    reset: String,
    first: Option<String>,
    next: Option<String>,
}

/// A card without the page around it, in answer to a form of the script.
#[derive(Template)]
#[template(path = "partial/card.html")]
pub(crate) struct CardFragment {
    pub(crate) card: Card,
}

/// A view of the page.
struct Tab {
    name: &'static str,
    href: String,
    is_current: bool,
}

/// A hidden company, with the button that shows it again.
struct ShownHidden {
    name: String,
    until: String,
    note: Option<String>,
}

/// The reason why the page has no job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    Filtered,
    AllDecided,
    NoneDecided,
}

/// Shows a page of matches.
pub(crate) async fn show(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<MatchQuery>,
) -> Result<Response, PageError> {
    let pipeline = state.pipeline();
    let context = pipeline.context();
    let read = query.read(state.now());
    let page = context
        .store
        .match_page(&read.filter, read.after, JOBS_PER_PAGE)
        .await?;
    let config = &context.scanner.config;
    let layout = Layout::entry(Section::Matches, &visitor);
    html(&matches_page(layout, &context.store, config, query, read, page).await?)
}

async fn matches_page(
    layout: Layout,
    store: &Store,
    config: &Config,
    query: MatchQuery,
    read: ReadQuery,
    page: MatchPage,
) -> Result<MatchesPage, PageError> {
    let next = page.next.map(|last| query.page_after(&last.to_string()));
    let found = page.found.map(|found| describe(found, read.filter.view));
    let changed = Changed::read(store, read.changed, &query.outdated).await?;
    let (cards, banner) = changed
        .placed(store, cards(&page, &read), &read, page.next)
        .await?;
    let hidden_companies = hidden_companies(store, &read).await?;

    Ok(MatchesPage {
        layout,
        heading: heading(read.filter.view).to_owned(),
        tabs: tabs(&query, read.filter.view),
        profiles: config.profiles.iter().map(|it| it.name.clone()).collect(),
        sources: sources(config),
        workplaces: Workplace::ALL.iter().map(|it| it.as_str()).collect(),
        problems: read.problems,
        is_country_unknown: read.is_country_unknown,
        banner,
        hidden_companies,
        found: found.filter(|_| !cards.is_empty()),
        empty: Empty::of(&query, read.filter.view),
        cards,
        back: query.here(),
        reset: query.without_filters(),
        first: read.after.map(|_| query.page_after("")),
        next,
        query,
    })
}

fn cards(page: &MatchPage, read: &ReadQuery) -> Vec<Card> {
    let profile = read.filter.profile.as_deref();
    let card = |(id, listed): &(_, _)| Card::new(i64::from(*id), listed, profile, read.filter.now);
    page.jobs.iter().map(card).collect()
}

fn tabs(query: &MatchQuery, current: MatchView) -> Vec<Tab> {
    let decided = Decision::ALL
        .iter()
        .map(|decision| MatchView::Decided(*decision));
    let views = [MatchView::Undecided]
        .into_iter()
        .chain(decided)
        .chain([MatchView::All]);
    let tab = |view| Tab {
        name: heading(view),
        href: query.of_view(word(view)),
        is_current: view == current,
    };
    views.map(tab).collect()
}

fn heading(view: MatchView) -> &'static str {
    match view {
        MatchView::Undecided => "To decide",
        MatchView::Decided(decision) => label(decision),
        MatchView::All => "All matches",
    }
}

/// Returns the value of the parameter `state`.
fn word(view: MatchView) -> &'static str {
    match view {
        MatchView::Undecided => "",
        MatchView::Decided(decision) => decision.as_str(),
        MatchView::All => "all",
    }
}

fn describe(found: FoundMatches, view: MatchView) -> String {
    let number = if found.or_more {
        format!("More than {}", found.number)
    } else {
        found.number.to_string()
    };
    let jobs = if found.number == 1 { "job" } else { "jobs" };
    match view {
        MatchView::Undecided => format!("{number} {jobs} to decide about, newest first"),
        MatchView::Decided(_) | MatchView::All => format!("{number} {jobs}, newest first"),
    }
}

fn sources(config: &Config) -> Vec<(String, String)> {
    if config.sources.len() > MAX_LISTED_SOURCES {
        return Vec::new();
    }
    let sources = config.sources.iter();
    sources
        .map(|source| (source.key.to_string(), source.name.clone()))
        .collect()
}

/// Returns the hidden companies for the view of hidden jobs.
async fn hidden_companies(store: &Store, read: &ReadQuery) -> Result<Vec<ShownHidden>, PageError> {
    if read.filter.view != MatchView::Decided(Decision::Hidden) || read.after.is_some() {
        return Ok(Vec::new());
    }
    let hidden = store.hidden_companies(read.filter.now).await?;
    Ok(hidden.into_iter().map(ShownHidden::from).collect())
}

impl From<HiddenCompany> for ShownHidden {
    fn from(hidden: HiddenCompany) -> Self {
        Self {
            until: match hidden.until {
                Some(until) => format!("until {until}"),
                None => "permanently".to_owned(),
            },
            note: hidden.note.map(|note| start(&note, COMPANY)),
            name: hidden.company,
        }
    }
}

impl Empty {
    fn of(query: &MatchQuery, view: MatchView) -> Self {
        match view {
            _ if query.has_filter() => Self::Filtered,
            MatchView::Undecided | MatchView::All => Self::AllDecided,
            MatchView::Decided(_) => Self::NoneDecided,
        }
    }
}
