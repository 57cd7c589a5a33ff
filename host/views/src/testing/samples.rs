//! Samples for tests: a job, a run, an alert and a delivery, as the store returns them.

use jiff::Timestamp;
use job_scanner_core::changes::{FieldChange, FromTo, TextDifference};
use job_scanner_core::decision::Decision;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::job::{
    ContentHash, Facts, Job, Known, KnownPay, Location, Origin, PayPeriod, Salary, Workplace,
};
use job_scanner_core::key::{JobKey, SourceKey};
use job_scanner_core::matching::{
    ExplainedPart, Explanation, Hit, MatchResult, NeededChange, PartKind, Reason,
};
use job_scanner_core::normalize::facts::EmploymentKind;
use job_scanner_core::normalize::facts::Level;
use job_scanner_core::normalize::facts::Years;
use job_scanner_core::normalize::facts::open_to::OpenTo;
use job_scanner_core::normalize::facts::pay::{PayKind, StatedPay};
use job_scanner_core::normalize::facts::place::Place;
use job_scanner_core::query::{Field, Truth};
use job_scanner_core::run::ScanOutcome;
use job_scanner_store::{
    AlertSummary, AlertedChanges, AlsoPosted, AlsoSource, AttemptOutcome, Author, DecisionChange,
    DeliveryHistory, DeliverySummary, Doubt, JobClosure, JobHistory, JobPosting, JobVersion,
    ListedJob, ListedMatch, PendingAlert, RunSummary, SourceError, SourceHealth, StoredDecision,
    test_support,
};
use serde_json::json;

/// Returns a time on the day of the samples.
pub(crate) fn at(time: &str) -> Timestamp {
    test_support::at(time)
}

/// Returns the key `greenhouse/NAME`.
pub(crate) fn key(name: &str) -> SourceKey {
    test_support::source_key(name)
}

/// Returns a job with all fields.
pub(crate) fn listed_job() -> ListedJob {
    let plain = plain_job();
    let job = Job {
        company: Some("Acme".to_owned()),
        department: Some("Platform".to_owned()),
        locations: vec![Location {
            name: "Berlin, Germany".to_owned(),
            city: Some("Berlin".to_owned()),
            region: Some("Berlin".to_owned()),
            country: Some("DE".to_owned()),
        }],
        workplace: Some(Workplace::Hybrid),
        employment_type: Some("Full-time".to_owned()),
        salary: Some(Salary {
            min: Some(70_000.0),
            max: Some(90_000.0),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            text: Some("70–90k".to_owned()),
        }),
        description: Some("Build things.\n\nWith others.".to_owned()),
        language: Some("en".to_owned()),
        facts: facts(),
        apply_url: Some("https://boards.example/acme/apply/4711".to_owned()),
        posted_at: Some("2026-11-20".parse().unwrap()),
        updated_at: Some("2026-11-21T10:00:00Z".parse().unwrap()),
        expires_at: Some("2026-12-31".parse().unwrap()),
        extra: [("Team", "Kitchen"), ("Level", "III")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..plain.job
    };
    let found = ListedMatch {
        matched_at: plain.first_seen_at,
        result: result(),
    };
    ListedJob {
        job,
        closed_at: Some(at("08:15:00")),
        also: AlsoPosted {
            places: vec![Location {
                name: "Paris".to_owned(),
                city: None,
                region: None,
                country: Some("FR".to_owned()),
            }],
            sources: vec![AlsoSource {
                key: "lever/acme".parse().unwrap(),
                name: "Acme".to_owned(),
            }],
        },
        decision: Some(StoredDecision {
            decision: Decision::Applied,
            note: Some("by their form".to_owned()),
            decided_at: at("08:20:00"),
        }),
        matches: vec![found],
        ..plain
    }
}

/// Returns a value of each fact.
fn facts() -> Facts {
    let pay = StatedPay {
        min: Some(70_000.0),
        max: Some(90_000.0),
        currency: Some("EUR".to_owned()),
        period: Some(PayPeriod::Year),
        kind: PayKind::Base,
        place: Some("Berlin".to_owned()),
    };
    let place = Place {
        country: Some("DE".to_owned()),
        region: Some("Berlin".to_owned()),
        city: Some("Berlin".to_owned()),
        point: None,
        origin: Origin::Field,
    };
    Facts {
        pay: vec![KnownPay {
            range: pay,
            origin: Origin::Text,
            is_elsewhere: false,
        }],
        places: vec![place],
        has_unknown_place: false,
        open_to: Some(OpenTo {
            areas: vec!["europe".parse().unwrap()],
            except: vec!["GB".parse().unwrap()],
            is_open_ended: false,
            origin: Origin::Text,
        }),
        employment: vec![Known::from_field(EmploymentKind::FullTime)],
        language: Some(Known::from_field("en".to_owned())),
        levels: vec![Level::Senior, Level::Staff],
        years: Some(Years { min: 5, max: None }),
    }
}

/// Returns a job with only the required fields.
pub(crate) fn plain_job() -> ListedJob {
    let key: JobKey = "greenhouse/acme/4711".parse().unwrap();
    let job = Job {
        external_id: key.external_id.clone(),
        title: "Rust Engineer".to_owned(),
        company: None,
        locations: Vec::new(),
        description: None,
        url: "https://boards.example/acme/jobs/4711".to_owned(),
        content_hash: ContentHash::from_bytes([0x9f; 32]),
        ..stored_job()
    };
    ListedJob {
        key,
        source_name: "Acme".to_owned(),
        job,
        first_seen_at: "2026-11-21T10:15:00Z".parse().unwrap(),
        last_seen_at: at("08:15:00"),
        closed_at: None,
        watched: true,
        cluster: test_support::cluster_id(12),
        also: AlsoPosted::default(),
        decision: None,
        silence: None,
        matches: Vec::new(),
    }
}

/// Returns a match of the job of [`listed_job`], with a term and a condition.
pub(crate) fn result() -> MatchResult {
    MatchResult {
        profile: "default".to_owned(),
        reasons: vec![
            Reason {
                term: "engineer*".to_owned(),
                hit: Some(title_hit()),
                value: None,
            },
            Reason {
                term: "workplace:hybrid".to_owned(),
                hit: None,
                value: Some("hybrid".to_owned()),
            },
        ],
    }
}

fn title_hit() -> Hit {
    Hit {
        field: Field::Title,
        snippet: "Rust Engineer".to_owned(),
    }
}

/// Returns the explanation of `engineer* AND (workplace:hybrid OR salary >= 90k EUR) AND NOT rust`
/// for the same job, which the last term excludes.
pub(crate) fn explanation() -> Explanation {
    let leaf = |kind, truth, written: &str, hit, value: Option<&str>| ExplainedPart {
        kind,
        truth,
        written: Some(written.to_owned()),
        hit,
        value: value.map(str::to_owned),
        parts: Vec::new(),
    };
    let node = |kind, truth, parts| ExplainedPart {
        kind,
        truth,
        written: None,
        hit: None,
        value: None,
        parts,
    };
    let conditions = vec![
        leaf(
            PartKind::Condition,
            Truth::True,
            "workplace:hybrid",
            None,
            Some("hybrid"),
        ),
        leaf(
            PartKind::Condition,
            Truth::Unknown,
            "salary >= 90k EUR",
            None,
            None,
        ),
    ];
    let excluded = leaf(PartKind::Term, Truth::True, "rust", Some(title_hit()), None);
    let parts = vec![
        leaf(
            PartKind::Term,
            Truth::True,
            "engineer*",
            Some(title_hit()),
            None,
        ),
        node(PartKind::Or, Truth::True, conditions),
        node(PartKind::Not, Truth::False, vec![excluded]),
    ];
    Explanation {
        profile: "default".to_owned(),
        matches: false,
        covers_source: true,
        tree: node(PartKind::And, Truth::False, parts),
        smallest_change: vec![NeededChange {
            term: "rust".to_owned(),
            needed: false,
        }],
    }
}

/// Returns the record of a source that is failing and in doubt.
pub(crate) fn failing_health(name: &str) -> SourceHealth {
    SourceHealth {
        key: key(name),
        name: "Acme".to_owned(),
        last_outcome: Some(ScanOutcome::Failed),
        last_success_at: Some(at("07:15:00")),
        last_error_at: Some(at("08:15:00")),
        error: Some(SourceError {
            kind: FailureKind::Upstream,
            message: "the board answered 500\n".to_owned(),
        }),
        failing_since: Some(at("07:30:00")),
        consecutive_failures: 3,
        budget: Some(json!({"cpu_ms": {"used": 12, "limit": 20_000}})),
        open_jobs: 40,
        doubt: Some(Doubt {
            since: at("07:15:00"),
            listed: 2,
            before: 40,
        }),
        paused_at: None,
    }
}

/// Returns a job as the tests of the store record it.
pub(crate) fn stored_job() -> Job {
    test_support::job("0", 1).job
}

/// Returns a finished run that found one new job.
pub(crate) async fn finished_run() -> RunSummary {
    let store = test_support::with_delivery().await;
    let run = store.recent_runs(1).await.unwrap().remove(0);
    RunSummary {
        finished_at: Some(at("08:15:01")),
        duration_ms: Some(1_204),
        totals: Some(json!({"fetched": 40, "new": 1})),
        sources: vec![json!({"source": "greenhouse/acme"})],
        ..run
    }
}

/// Returns an alert that a scan decided.
pub(crate) async fn pending_alert() -> PendingAlert {
    let store = test_support::with_delivery().await;
    let run = store.recent_runs(1).await.unwrap().remove(0);
    store.matched_in_run(run.id).await.unwrap().remove(0)
}

/// Returns an alert with a delivery.
pub(crate) async fn dispatched_alert() -> AlertSummary {
    let store = test_support::with_delivery().await;
    store.recent_alerts(1).await.unwrap().remove(0)
}

/// Returns the changes of a job's title, places and text.
pub(crate) fn changes() -> AlertedChanges {
    let place = |name: &str| Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: Some("DE".to_owned()),
    };
    let title = FromTo {
        from: "Rust Engineer".to_owned(),
        to: "Senior Rust Engineer".to_owned(),
    };
    let locations = FromTo {
        from: vec![place("Berlin")],
        to: Vec::new(),
    };
    let difference = TextDifference::between("Two days a week.", "Four days a week.");
    AlertedChanges {
        since: ContentHash::from_bytes([0x2c; 32]),
        since_alert: None,
        fields: vec![
            FieldChange::Title(title),
            FieldChange::Locations(locations),
            FieldChange::Description {
                difference: Some(difference),
            },
        ],
    }
}

/// Returns a delivery of one alert, without attempts.
pub(crate) async fn pending_delivery() -> DeliverySummary {
    let store = test_support::with_delivery().await;
    store.recent_deliveries(1).await.unwrap().remove(0)
}

/// Returns a delivery that was given up, retried, and dropped.
pub(crate) async fn delivery_history() -> DeliveryHistory {
    let store = test_support::with_delivery().await;
    let claimed = test_support::claim(&store, "08:30:00", "a").await.unwrap();
    let refused = AttemptOutcome::Abandon {
        at: at("08:30:01"),
        error: "550 no\u{1b} such user".to_owned(),
    };
    store.finish_attempt(&claimed, &refused).await.unwrap();

    let author = test_support::author();
    let now = at("08:31:00");
    store
        .retry_delivery(claimed.id, &author, now)
        .await
        .unwrap();
    let now = at("08:32:00");
    let dropped = store.drop_delivery(claimed.id, "an old address", &author, now);
    dropped.await.unwrap();
    store.delivery_history(claimed.id).await.unwrap().unwrap()
}

/// Returns a job with a history: two versions, a closure, another posting, an alert and decisions.
pub(crate) async fn job_history() -> JobHistory {
    let job = listed_job();
    let version = |hash, time: &str, title: &str, changes| JobVersion {
        content_hash: ContentHash::from_bytes([hash; 32]),
        first_seen_at: at(time),
        title: title.to_owned(),
        changes,
    };
    let change = |time: &str, decision, note: Option<&str>| DecisionChange {
        job: job.key.to_string(),
        decision,
        note: note.map(str::to_owned),
        changed_at: at(time),
        author: Author {
            user: "jo".to_owned(),
            host: "desk".to_owned(),
        },
    };
    JobHistory {
        versions: vec![
            version(0x2c, "06:00:00", "Rust Engineer", Vec::new()),
            version(0x9f, "07:00:00", "Senior Rust Engineer", changes().fields),
        ],
        missing_since: Some(at("08:00:00")),
        closures: vec![JobClosure {
            closed_at: at("06:30:00"),
            reopened_at: at("07:00:00"),
        }],
        postings: vec![JobPosting {
            key: "lever/acme/7".parse().unwrap(),
            closed_at: None,
        }],
        alerts: vec![dispatched_alert().await],
        decisions: vec![
            change("08:16:00", Some(Decision::Interested), None),
            change("08:18:00", None, None),
            change("08:20:00", Some(Decision::Applied), Some("by their form")),
        ],
        job,
    }
}
