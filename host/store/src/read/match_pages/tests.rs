//! Tests of the pages: their order, their filters, and the plans of their statements.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::job::Workplace;
use job_scanner_core::normalize::NormalizationResult;

use super::walk::{Range, select_postings};
use super::{FoundMatches, MatchFilter, MatchPage, MatchSearch, MatchView};
use crate::driver::Statement;
use crate::ids::{ClusterId, JobId};
use crate::test_support::{
    COMPLETE, TestStore, at, author, begin_scan, job, match_of, number, record_all, scan,
    source_key, spoil, store,
};
use crate::{AlertKind, HiddenCompany, Store, StoredDecision, StoredMatch};

async fn mark(store: &Store, id: &str, decision: Decision) {
    let key = format!("greenhouse/acme/{id}").parse().unwrap();
    let decision = StoredDecision {
        decision,
        note: None,
        decided_at: at("09:00:00"),
    };
    store.mark_job(&key, &decision, &author()).await.unwrap();
}

async fn page(store: &Store, filter: &MatchFilter, after: Option<JobId>) -> MatchPage {
    store.match_page(filter, after, 2).await.unwrap()
}

fn ids(page: &MatchPage) -> Vec<&str> {
    let jobs = page.jobs.iter();
    jobs.map(|(_, job)| job.key.external_id.as_str()).collect()
}

/// Returns the ids on all pages.
async fn all(store: &Store, filter: &MatchFilter) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = page(store, filter, after).await;
        found.extend(ids(&page).into_iter().map(ToOwned::to_owned));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

fn titled(id: &str, title: &str) -> NormalizationResult {
    let mut result = job(id, 1);
    title.clone_into(&mut result.job.title);
    result
}

async fn with_jobs(jobs: &[NormalizationResult]) -> TestStore {
    let store = store().await;
    scan(&store, "acme", jobs, AlertKind::New).await;
    store
}

#[tokio::test]
async fn pages_are_newest_first_and_each_begins_after_the_one_before() {
    let jobs: Vec<_> = (1..=5).map(|n| job(&n.to_string(), n)).collect();
    let store = with_jobs(&jobs).await;
    let filter = MatchFilter::default();

    let first = page(&store, &filter, None).await;
    assert_eq!(ids(&first), ["5", "4"]);
    let found = FoundMatches {
        number: 5,
        or_more: false,
    };
    assert_eq!(first.found, Some(found));

    // A new match does not move what the next page begins with.
    let mut tx = begin_scan(&store, "acme", "acme", at("09:15:00")).await;
    record_all(&mut tx, &[job("6", 6)], AlertKind::New).await;
    tx.commit(&COMPLETE).await.unwrap();
    let second = page(&store, &filter, first.next).await;
    assert_eq!((ids(&second), second.found), (vec!["3", "2"], None));
    let third = page(&store, &filter, second.next).await;
    assert_eq!((ids(&third), third.next), (vec!["1"], None));
}

#[tokio::test]
async fn a_view_has_the_jobs_of_its_decisions() {
    let jobs: Vec<_> = (1..=6).map(|n| job(&n.to_string(), n)).collect();
    let store = with_jobs(&jobs).await;
    mark(&store, "1", Decision::Applied).await;
    mark(&store, "2", Decision::Applied).await;
    mark(&store, "3", Decision::Hidden).await;
    spoil(
        &store,
        "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id IN ('2', '6')",
    )
    .await;
    spoil(
        &store,
        "UPDATE matches SET outdated_at = '' WHERE job_id IN
             (SELECT job_id FROM jobs WHERE external_id IN ('1', '5'))",
    )
    .await;

    for (view, expected) in [
        (MatchView::Undecided, &["4"][..]),
        (MatchView::All, &["4", "3"]),
        (MatchView::Decided(Decision::Applied), &["2", "1"]),
        (MatchView::Decided(Decision::Hidden), &["3"]),
        (MatchView::Decided(Decision::Offer), &[]),
    ] {
        let filter = MatchFilter {
            view,
            ..MatchFilter::default()
        };
        assert_eq!(all(&store, &filter).await, expected, "{view:?}");
    }
}

#[tokio::test]
async fn a_vacancy_is_shown_once_on_all_pages_together() {
    let jobs: Vec<_> = (1..=6).map(|n| job(&n.to_string(), n)).collect();
    let store = with_jobs(&jobs).await;
    spoil(
        &store,
        "UPDATE cluster_jobs SET cluster_id = 1, version = x'01' WHERE job_id IN (1, 3, 5)",
    )
    .await;
    let filter = MatchFilter::default();
    assert_eq!(all(&store, &filter).await, ["6", "5", "4", "2"]);
    let first = page(&store, &filter, None).await;
    assert_eq!(first.found.unwrap().number, 4);

    // A posting that the filter excludes does not stand for the vacancy.
    spoil(
        &store,
        "UPDATE job_versions SET workplace = 'remote' WHERE job_id IN (1, 2, 3)",
    )
    .await;
    let remote = MatchFilter {
        workplace: Some(Workplace::Remote),
        ..MatchFilter::default()
    };
    assert_eq!(all(&store, &remote).await, ["3", "2"]);
}

#[tokio::test]
async fn a_filter_combines_profile_source_workplace_country_and_words() {
    let mut remote = titled("1", "Koch (Küche)");
    remote.job.workplace = Some(Workplace::Remote);
    let store = with_jobs(&[remote, titled("2", "Fahrer")]).await;
    scan(&store, "öko", &[titled("3", "Köchin")], AlertKind::New).await;
    let facts = r#"{"places": [{"country": "AT", "origin": "board"}]}"#;
    spoil(
        &store,
        &format!("UPDATE job_versions SET facts = '{facts}' WHERE job_id = 3"),
    )
    .await;
    spoil(
        &store,
        r#"UPDATE job_versions SET facts = NULL, locations = '[{"name": "Graz", "country": "AT"}]' WHERE job_id = 2"#,
    )
    .await;
    spoil(
        &store,
        "INSERT INTO matches SELECT job_id, content_hash, 'data', reasons, matched_at, outdated_at
         FROM matches WHERE job_id = 1",
    )
    .await;

    let filter = MatchFilter::default;
    let search = |text| MatchFilter {
        search: MatchSearch::new(text),
        ..MatchFilter::default()
    };
    for (filter, expected) in [
        (filter(), &["3", "2", "1"][..]),
        (
            MatchFilter {
                profile: Some("data".to_owned()),
                ..filter()
            },
            &["1"],
        ),
        (
            MatchFilter {
                source: Some(source_key("öko")),
                ..filter()
            },
            &["3"],
        ),
        (
            MatchFilter {
                workplace: Some(Workplace::Remote),
                ..filter()
            },
            &["1"],
        ),
        (
            MatchFilter {
                country: Some("AT".to_owned()),
                ..filter()
            },
            &["3", "2"],
        ),
        (search("KOCH"), &["3", "1"]),
        (search("kuche acme"), &["1"]),
        (search("graz fahrer"), &["2"]),
        (search("engineer"), &[]),
    ] {
        assert_eq!(all(&store, &filter).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn hidden_and_snoozed_companies_are_only_in_the_view_of_all() {
    let mut other = job("2", 2);
    other.job.company = None;
    let store = with_jobs(&[job("1", 1), other]).await;
    let hide = |company: &str, until: Option<&str>| HiddenCompany {
        company: company.to_owned(),
        until: until.map(|day| day.parse().unwrap()),
        note: None,
        hidden_at: at("09:00:00"),
    };
    let snoozed = MatchFilter {
        now: at("10:00:00"),
        ..MatchFilter::default()
    };
    let hidden = hide("ACME ", Some("2026-11-24"));
    store.hide_company(&hidden, &author()).await.unwrap();
    // The other job has the name of its source, which is `acme` too.
    assert!(all(&store, &snoozed).await.is_empty());
    let everything = MatchFilter {
        view: MatchView::All,
        ..snoozed.clone()
    };
    let shown = page(&store, &everything, None).await;
    assert!(shown.jobs.iter().all(|(_, job)| job.silence.is_some()));
    assert_eq!(shown.jobs.len(), 2);

    let later = MatchFilter {
        now: "2026-11-24T00:00:00Z".parse::<Timestamp>().unwrap(),
        ..snoozed
    };
    assert_eq!(all(&store, &later).await, ["2", "1"]);
}

#[tokio::test]
async fn a_job_of_several_profiles_is_shown_once_with_all_reasons() {
    let store = with_jobs(&[job("1", 1)]).await;
    let mut tx = begin_scan(&store, "acme", "acme", at("09:15:00")).await;
    let result = job("1", 1);
    let data = match_of("data");
    tx.record_matches(&[StoredMatch {
        job: JobId(1),
        content_hash: result.job.content_hash,
        result: &data,
    }])
    .await
    .unwrap();
    tx.commit(&COMPLETE).await.unwrap();

    let page = page(&store, &MatchFilter::default(), None).await;
    assert_eq!(page.found.unwrap().number, 1);
    assert_eq!(page.jobs[0].1.matches.len(), 2);
}

#[tokio::test]
async fn a_full_first_page_counts_at_most_the_limit() {
    let store = store().await;
    let jobs: Vec<_> = (0..502).map(|n| job(&n.to_string(), 1)).collect();
    scan(&store, "acme", &jobs, AlertKind::New).await;
    spoil(&store, "UPDATE cluster_jobs SET cluster_id = job_id").await;
    assert_eq!(
        number(
            &store,
            "SELECT COUNT(DISTINCT cluster_id) FROM cluster_jobs"
        )
        .await,
        502
    );
    let page = page(&store, &MatchFilter::default(), None).await;
    let found = FoundMatches {
        number: 500,
        or_more: true,
    };
    assert_eq!((page.jobs.len(), page.found), (2, Some(found)));
}

/// Returns the plan of a statement, one step a line.
async fn plan(store: &Store, filter: &MatchFilter, range: Range) -> String {
    let statement = select_postings(filter, range);
    let explain = format!("EXPLAIN QUERY PLAN {}", statement.text());
    let steps: Vec<(i64, i64, i64, String)> = Statement::composed(explain)
        .fetch_all(store.readers())
        .await
        .unwrap();
    let details: Vec<String> = steps.into_iter().map(|(.., detail)| detail).collect();
    details.join("\n")
}

#[tokio::test]
async fn no_statement_scans_or_sorts_jobs_and_their_texts() {
    let store = store().await;
    let filter = |view| MatchFilter {
        view,
        profile: Some("default".to_owned()),
        source: Some(source_key("acme")),
        country: Some("DE".to_owned()),
        ..MatchFilter::default()
    };
    let decided = MatchView::Decided(Decision::Applied);
    let newest = Range::Before(None);
    let of_cluster = Range::OfCluster(ClusterId(1), JobId(1));
    for (view, range, walked) in [
        (MatchView::Undecided, newest, "x"),
        (MatchView::All, Range::Before(Some(JobId(9))), "x"),
        (decided, newest, "y"),
        (MatchView::Undecided, of_cluster, "m"),
        (decided, of_cluster, "y"),
    ] {
        let plan = plan(&store, &filter(view), range).await;
        let steps: Vec<&str> = plan.lines().collect();
        assert!(steps[0].split(' ').nth(1) == Some(walked), "{plan}");
        let is_scan = |step: &&&str| step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE");
        let scans: Vec<_> = steps.iter().filter(is_scan).collect();
        assert!(scans.iter().all(|step| **step == steps[0]), "{plan}");
        assert!(walked != "x" || !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
