//! Tests of the pages over HTTP: a real server, a real database, forms as a browser sends them.

mod decisions;
mod hostile;
mod job;
mod matches;

use job_scanner_core::decision::Decision;
use job_scanner_core::matching::{Hit, MatchResult, Reason};
use job_scanner_core::normalize::NormalizationResult;
use job_scanner_core::query::Field;
use job_scanner_store::test_support::{COMPLETE, at, begin_scan, job};
use job_scanner_store::{Author, Store, StoredDecision, StoredMatch};

use crate::test_support::{TestPage, TestResponse};

/// Returns a new job with this title.
fn titled(id: &str, title: &str) -> NormalizationResult {
    let mut result = job(id, 1);
    title.clone_into(&mut result.job.title);
    result
}

/// Returns a match of the profile `default` with a hit in the title and a condition.
fn found_in_title(title: &str) -> MatchResult {
    let hit = Hit {
        field: Field::Title,
        snippet: title.to_owned(),
    };
    let reason = |term: &str, hit, value: Option<&str>| Reason {
        term: term.to_owned(),
        hit,
        value: value.map(ToOwned::to_owned),
    };
    MatchResult {
        profile: "default".to_owned(),
        reasons: vec![
            reason("engineer", Some(hit), None),
            reason("workplace:remote", None, Some("remote")),
        ],
    }
}

/// Stores jobs of the source `greenhouse/acme`, each with a match, in one scan.
async fn scan(store: &Store, jobs: &[NormalizationResult]) {
    let mut tx = begin_scan(store, "acme", "Acme", at("08:15:00")).await;
    let ids = tx.record_jobs(jobs, false).await.unwrap();
    let results: Vec<MatchResult> = jobs
        .iter()
        .map(|it| found_in_title(&it.job.title))
        .collect();
    let matches: Vec<StoredMatch<'_>> = jobs
        .iter()
        .zip(&results)
        .map(|(stored, result)| StoredMatch {
            job: ids[&stored.job.external_id],
            content_hash: stored.job.content_hash,
            result,
        })
        .collect();
    tx.record_matches(&matches).await.unwrap();
    tx.commit(&COMPLETE).await.unwrap();
}

/// Starts a page whose database has jobs with these titles and the ids `1`, `2`, and so on.
async fn page_with(titles: &[&str]) -> TestPage {
    let page = TestPage::start().await;
    let jobs: Vec<NormalizationResult> = titles
        .iter()
        .zip(1..)
        .map(|(title, id)| titled(&id.to_string(), title))
        .collect();
    scan(&page.store(), &jobs).await;
    page
}

/// Marks a job as the command line does.
async fn mark_on_command_line(store: &Store, id: &str, decision: Decision, note: Option<&str>) {
    let key = format!("greenhouse/acme/{id}").parse().unwrap();
    let decision = StoredDecision {
        decision,
        note: note.map(ToOwned::to_owned),
        decided_at: at("11:00:00"),
    };
    let author = Author {
        user: "jo".to_owned(),
        host: "desk".to_owned(),
    };
    store.mark_job(&key, &decision, &author).await.unwrap();
}

/// Returns the decision about a job and its note.
async fn stored(store: &Store, id: &str) -> Option<(Decision, Option<String>)> {
    let key = format!("greenhouse/acme/{id}").parse().unwrap();
    let found = store.find_job(&key, at("12:00:00")).await.unwrap();
    let decision = found.unwrap().decision;
    decision.map(|it| (it.decision, it.note))
}

/// Returns the path of the page about a job.
fn job_path(id: &str) -> String {
    format!("/job?key=greenhouse%2Facme%2F{id}")
}

/// Returns the path that a form redirects to.
fn redirected(response: &TestResponse) -> &str {
    assert_eq!(response.status, 303, "{response:?}");
    response.header("location").unwrap()
}

/// Returns the value of the first attribute `value` after this text.
fn value_after<'a>(body: &'a str, text: &str) -> &'a str {
    let (_, rest) = body
        .split_once(text)
        .unwrap_or_else(|| panic!("no `{text}` in {body}"));
    let (_, rest) = rest.split_once("value=\"").unwrap();
    rest.split_once('"').unwrap().0
}

/// Returns the order in which these texts appear first; those that do not are left out.
fn order<'a>(body: &str, texts: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = texts
        .iter()
        .filter_map(|text| Some((body.find(text)?, *text)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, text)| text).collect()
}
