//! Tests of decisions on a real database.

use jiff::Timestamp;
use job_scanner_core::decision::{Decision, SkipReason};
use job_scanner_core::normalize::NormalizationResult;

use crate::test_support::{
    TestStore, at, claim, count, delivery, fill_older, job, job_key, number, scan, spoil, store,
    store_before, text,
};
use crate::{
    AlertCounts, AlertId, AlertKind, Author, HiddenCompany, Retention, Split, Store, StoredDecision,
};

const HIDDEN: AlertCounts = AlertCounts {
    created: 0,
    grouped: 0,
    skipped: 1,
    duplicate: 0,
};

fn author(user: &str) -> Author {
    Author {
        user: user.to_owned(),
        host: "desk".to_owned(),
    }
}

async fn mark(store: &Store, id: &str, decision: Decision) {
    let decision = StoredDecision {
        decision,
        note: None,
        decided_at: at("08:20:00"),
    };
    let marked = store.mark_job(&job_key(id), &decision, &author("jo")).await;
    assert!(marked.unwrap().is_some());
}

async fn unmark(store: &Store, id: &str) {
    let unmarked = store
        .unmark_job(&job_key(id), &author("jo"), at("08:21:00"))
        .await;
    assert!(unmarked.unwrap().is_some());
}

async fn unhide(store: &Store) -> Option<HiddenCompany> {
    let unhidden = store
        .unhide_company("Acme", &author("jo"), at("08:30:00"))
        .await;
    unhidden.unwrap()
}

/// Hides the company of all jobs, until a day if one is given.
async fn hide(store: &Store, until: Option<&str>) {
    let hidden = HiddenCompany {
        company: "ACME".to_owned(),
        until: until.map(|day| day.parse().unwrap()),
        note: None,
        hidden_at: at("08:20:00"),
    };
    store.hide_company(&hidden, &author("jo")).await.unwrap();
}

async fn unsent(store: &Store) -> Vec<AlertId> {
    let alerts = store.alerts_without_delivery().await.unwrap();
    alerts.iter().map(|alert| alert.id).collect()
}

/// Returns a store with one job, whose alert is on its way.
async fn with_pending_delivery() -> TestStore {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    let alerts = unsent(&store).await;
    store
        .record_deliveries(&[delivery("1@scanner", &alerts)], at("08:16:00"))
        .await
        .unwrap();
    store
}

/// Returns two postings of one vacancy.
fn postings() -> [NormalizationResult; 2] {
    ["1", "2"].map(|id| {
        let mut posting = job(id, 1);
        posting.job.description = Some("You plan the routes of our trams. ".repeat(10));
        posting
    })
}

fn next_day() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_new_version_of_a_hidden_job_is_recorded_and_not_sent() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    mark(&store, "1", Decision::Hidden).await;
    let counts = scan(&store, "acme", &[job("1", 2)], AlertKind::Updated).await;
    assert_eq!(counts, HIDDEN);

    unmark(&store, "1").await;
    let sent = unsent(&store).await;
    assert_eq!(sent.len(), 1, "only the first version");
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
    assert_eq!(unsent(&store).await, sent, "nothing old is sent");
}

#[tokio::test]
async fn a_job_with_another_decision_is_sent() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    for (version, decision) in (2..).zip(Decision::ALL) {
        mark(&store, "1", *decision).await;
        let counts = scan(&store, "acme", &[job("1", version)], AlertKind::Updated).await;
        let is_hidden = *decision == Decision::Hidden;
        assert_eq!(counts.skipped, usize::from(is_hidden), "{decision}");
        assert_eq!(counts.created, usize::from(!is_hidden), "{decision}");
    }
}

#[tokio::test]
async fn a_delivery_of_a_job_that_was_hidden_since_is_skipped_with_the_reason() {
    let store = with_pending_delivery().await;
    mark(&store, "1", Decision::Hidden).await;
    assert!(claim(&store, "08:30:00", "a").await.is_none());
    let row = "SELECT state || ', ' || last_error || ', ' || attempts FROM deliveries";
    let said = text(&store, row).await.unwrap();
    assert_eq!(said, "skipped, skipped: the job is hidden, 0");
    let alerts = store.recent_alerts(1).await.unwrap();
    assert_eq!(alerts[0].skipped, Some(SkipReason::Hidden));
    assert_eq!(count(&store, "attempts").await, 0);

    unmark(&store, "1").await;
    assert!(unsent(&store).await.is_empty());
    assert!(claim(&store, "08:40:00", "b").await.is_none());
}

#[tokio::test]
async fn a_message_leaves_out_only_the_hidden_jobs() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1), job("2", 2)], AlertKind::New).await;
    let alerts = unsent(&store).await;
    store
        .record_deliveries(&[delivery("1@scanner", &alerts)], at("08:16:00"))
        .await
        .unwrap();
    mark(&store, "1", Decision::Hidden).await;
    mark(&store, "2", Decision::Applied).await;

    let claimed = claim(&store, "08:30:00", "a").await.unwrap();
    let [alert] = &claimed.alerts[..] else {
        panic!("{:?}", claimed.alerts)
    };
    assert_eq!(alert.job.key, job_key("2"));
    let decided = alert.decision.as_ref().unwrap();
    assert_eq!(decided.decision, Decision::Applied);
}

#[tokio::test]
async fn the_jobs_of_a_hidden_company_are_not_sent_until_it_is_shown_again() {
    let store = store().await;
    hide(&store, None).await;
    let counts = scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    assert_eq!(counts, HIDDEN);
    assert_eq!(unhide(&store).await.unwrap().company, "ACME");
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
    assert!(unsent(&store).await.is_empty());
    assert_eq!(
        scan(&store, "acme", &[job("2", 2)], AlertKind::New)
            .await
            .created,
        1
    );
}

#[tokio::test]
async fn the_end_of_a_snooze_sends_open_and_undecided_matches_once() {
    let store = store().await;
    hide(&store, Some("2026-11-24")).await;
    let jobs = [job("1", 1), job("2", 2), job("3", 3), job("4", 4)];
    assert_eq!(scan(&store, "acme", &jobs, AlertKind::New).await.skipped, 4);
    assert_eq!(store.end_snoozes(at("23:59:59")).await.unwrap(), 0);

    mark(&store, "1", Decision::Interested).await;
    let closed = "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id = '2'";
    spoil(&store, closed).await;
    let counts = scan(&store, "acme", &[job("3", 5)], AlertKind::Updated).await;
    assert_eq!(counts, HIDDEN);

    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 2);
    let alerts = store.alerts_without_delivery().await.unwrap();
    assert!(alerts.iter().all(|alert| alert.resumed));
    let kinds: Vec<_> = alerts.iter().map(|alert| alert.kind).collect();
    assert_eq!(kinds, [AlertKind::New, AlertKind::Updated]);

    // Nothing that the snooze kept back comes later.
    spoil(&store, "UPDATE jobs SET closed_at = NULL").await;
    unmark(&store, "1").await;
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
    assert_eq!(count(&store, "hidden_companies").await, 0);
}

#[tokio::test]
async fn the_end_of_a_snooze_sends_an_open_posting_if_the_alerted_one_is_closed() {
    let store = store().await;
    hide(&store, Some("2026-11-24")).await;
    let counts = scan(&store, "acme", &postings(), AlertKind::New).await;
    assert_eq!((counts.skipped, counts.grouped), (1, 1));
    let closed = "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id = '1'";
    spoil(&store, closed).await;

    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 1);
    let alerts = store.alerts_without_delivery().await.unwrap();
    let id = format!(
        "SELECT external_id FROM jobs WHERE job_id = {}",
        alerts[0].job
    );
    assert_eq!(text(&store, &id).await.as_deref(), Some("2"));
    assert_eq!(alerts.len(), 1);
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_alert_that_was_snoozed_on_its_way_comes_when_the_snooze_ends() {
    let store = with_pending_delivery().await;
    hide(&store, Some("2026-11-24")).await;
    assert!(claim(&store, "08:30:00", "a").await.is_none());
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 1);
    let alerts = unsent(&store).await;
    let again = [delivery("2@scanner", &alerts)];
    let made = store.record_deliveries(&again, next_day()).await;
    assert_eq!(made.unwrap().len(), 1);
}

#[tokio::test]
async fn a_snooze_that_becomes_a_hiding_sends_nothing() {
    let store = store().await;
    hide(&store, Some("2026-11-24")).await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    hide(&store, None).await;
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
    assert!(unhide(&store).await.is_some());
    assert_eq!(store.end_snoozes(next_day()).await.unwrap(), 0);
}

#[tokio::test]
async fn each_change_of_a_decision_is_recorded_with_its_author() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    mark(&store, "1", Decision::Applied).await;
    unmark(&store, "1").await;
    unmark(&store, "1").await;

    let history = store.job_history(&job_key("1"), next_day()).await.unwrap();
    let history = history.unwrap();
    let decisions: Vec<_> = history.decisions.iter().map(|it| it.decision).collect();
    assert_eq!(decisions, [Some(Decision::Applied), None]);
    assert_eq!(history.decisions[0].author, author("jo"));
    assert_eq!(history.job.decision, None);
}

#[tokio::test]
async fn a_job_that_leaves_its_cluster_keeps_the_decision() {
    let store = store().await;
    scan(&store, "acme", &postings(), AlertKind::New).await;
    mark(&store, "1", Decision::Hidden).await;
    let split = store
        .split_job(&job_key("2"), at("08:30:00"))
        .await
        .unwrap();
    assert!(
        matches!(split, Some(Split::TakenOut { left: 1, .. })),
        "{split:?}"
    );
    for id in ["1", "2"] {
        let history = store
            .job_history(&job_key(id), next_day())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(history.job.silence, Some(SkipReason::Hidden), "{id}");
        assert_eq!(history.decisions.len(), 1, "{id}");
    }
}

#[tokio::test]
async fn a_job_with_a_decision_is_kept_however_long_it_is_closed() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1), job("2", 2)], AlertKind::New).await;
    mark(&store, "1", Decision::Applied).await;
    spoil(
        &store,
        "UPDATE jobs SET closed_at = '2020-01-01T00:00:00.000Z'",
    )
    .await;
    let retention = Retention {
        runs: std::time::Duration::from_hours(24),
        closed_jobs: std::time::Duration::from_hours(24),
        versions: 5,
    };
    store
        .forget(&retention, at("00:00:00"), next_day())
        .await
        .unwrap();
    let left = text(&store, "SELECT group_concat(external_id) FROM jobs").await;
    assert_eq!(left.as_deref(), Some("1"));
    assert_eq!(count(&store, "decisions").await, 1);
}

#[tokio::test]
async fn an_older_database_has_no_decisions_and_sends_its_alerts() {
    let older = store_before(18).await;
    fill_older(&older, 1).await;
    for row in [
        "INSERT INTO clusters (cluster_id, created_at) VALUES (1, '2026-11-23T08:00:00.000Z')",
        "INSERT INTO cluster_jobs (job_id, cluster_id, version) VALUES (1, 1, x'01')",
        "INSERT INTO matches (job_id, content_hash, profile, reasons, matched_at)
         VALUES (1, x'01', 'default', '[]', '2026-11-23T08:00:00.000Z')",
        "INSERT INTO alerts (job_id, content_hash, profile, kind, created_at, cluster_id, version)
         VALUES (1, x'01', 'default', 'new', '2026-11-23T08:00:00.000Z', 1, x'01')",
    ] {
        spoil(&older, row).await;
    }
    let store = older.migrated().await;
    assert_eq!(unsent(&store).await.len(), 1);
    assert_eq!(
        number(
            &store,
            "SELECT COUNT(*) FROM alerts WHERE skipped IS NULL AND resumed_at IS NULL"
        )
        .await,
        1
    );
    for table in [
        "decisions",
        "decision_changes",
        "hidden_companies",
        "job_closures",
    ] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn the_same_decision_again_changes_and_records_nothing() {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    mark(&store, "1", Decision::Applied).await;
    let again = |note: Option<&str>| StoredDecision {
        decision: Decision::Applied,
        note: note.map(ToOwned::to_owned),
        decided_at: at("09:00:00"),
    };

    let marked = store
        .mark_job(&job_key("1"), &again(None), &author("ann"))
        .await;
    assert_eq!(
        marked.unwrap().unwrap().before.unwrap().decided_at,
        at("08:20:00")
    );
    assert_eq!(count(&store, "decision_changes").await, 1);
    let decided_at = text(&store, "SELECT decided_at FROM decisions").await;
    assert_eq!(decided_at.as_deref(), Some("2026-11-23T08:20:00.000Z"));

    let noted = again(Some("by mail"));
    let marked = store.mark_job(&job_key("1"), &noted, &author("ann")).await;
    assert!(marked.unwrap().is_some());
    assert_eq!(count(&store, "decision_changes").await, 2);
}
