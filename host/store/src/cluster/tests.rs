//! Tests of clusters: what joins, what is alerted, and what a split and a migration leave.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use job_scanner_core::job::{ContentHash, Job, Location};
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{Change, NormalizationResult};
use job_scanner_core::raw::RawJob;
use job_scanner_core::vacancy::VacancyHashes;

use crate::cluster::split::Split;
use crate::driver::Statement;
use crate::test_support::{
    COMPLETE, TestStore, at, begin_scan, claim, cluster_id, count, delivery, job, match_of, number,
    spoil, store, store_before, text,
};
use crate::{
    AlertCounts, AlertKind, DetailsRecord, DetailsState, ListingCoverage, NewAlert, Retention,
    StoredMatch,
};

const TEXT: &str = "You bake bread for four shops, from rye to brioche, and you teach two apprentices how dough \
    feels when it is ready. Your day begins at three in the morning and ends before noon. You know ovens, you like \
    to work in a small team, and you want to try new recipes.";

fn place(name: &str) -> Location {
    Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: None,
    }
}

/// Returns a new posting of one vacancy in a place.
fn posting(id: &str, town: &str) -> NormalizationResult {
    changed(job(id, 0), |job| {
        "Baker".clone_into(&mut job.title);
        job.locations = vec![place(town)];
        job.description = Some(TEXT.to_owned());
    })
}

/// Returns the result with other fields, and the content hash that belongs to them.
fn changed(mut result: NormalizationResult, change: impl FnOnce(&mut Job)) -> NormalizationResult {
    let job = &mut result.job;
    change(job);

    let mut hasher = DefaultHasher::new();
    let texts = (&job.title, &job.company, &job.locations, &job.description);
    texts.hash(&mut hasher);
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&hasher.finish().to_le_bytes());
    job.content_hash = ContentHash::from_bytes(bytes);
    result
}

/// Returns the same posting with another text, as a known job.
fn reworded(id: &str, town: &str, text: &str) -> NormalizationResult {
    let result = changed(posting(id, town), |job| {
        job.description = Some(text.to_owned());
    });
    updated(result)
}

fn updated(result: NormalizationResult) -> NormalizationResult {
    NormalizationResult {
        change: Change::Updated,
        ..result
    }
}

/// Records a scan of a source in which each job matches the profiles of its place.
async fn listed_with(
    store: &TestStore,
    source: &str,
    results: &[NormalizationResult],
    profiles: impl Fn(&str) -> Vec<&'static str>,
) -> AlertCounts {
    let mut tx = begin_scan(store, source, source, at("08:15:00")).await;
    let ids = tx.record_jobs(results, false).await.unwrap();
    let found: Vec<_> = results
        .iter()
        .flat_map(|result| {
            let profiles = profiles(&result.job.locations[0].name);
            profiles
                .into_iter()
                .map(move |name| (result, match_of(name)))
        })
        .collect();
    let matches: Vec<_> = found
        .iter()
        .map(|(result, matched)| StoredMatch {
            job: ids[&result.job.external_id],
            content_hash: result.job.content_hash,
            result: matched,
        })
        .collect();
    let alerts: Vec<_> = matches
        .iter()
        .map(|found| NewAlert {
            job: found.job,
            content_hash: found.content_hash,
            profile: &found.result.profile,
            kind: AlertKind::New,
        })
        .collect();
    tx.record_matches(&matches).await.unwrap();
    let counts = tx.record_alerts(&alerts).await.unwrap();
    tx.commit(&COMPLETE).await.unwrap();
    assert_each_job_is_in_one_cluster(store).await;
    counts
}

/// Records a scan of the source `acme` in which each job matches one profile.
async fn listed(store: &TestStore, results: &[NormalizationResult]) -> AlertCounts {
    listed_with(store, "acme", results, |_| vec!["default"]).await
}

async fn assert_each_job_is_in_one_cluster(store: &TestStore) {
    assert_eq!(
        count(store, "cluster_jobs").await,
        count(store, "jobs").await
    );
    let empty = "SELECT COUNT(*) FROM clusters WHERE cluster_id NOT IN (SELECT cluster_id FROM cluster_jobs)";
    assert_eq!(number(store, empty).await, 0, "clusters without jobs");
}

/// Returns the cluster of each job, in the order of the jobs.
async fn clusters(store: &TestStore) -> Vec<i64> {
    let all: Option<String> = text(
        store,
        "SELECT json_group_array(cluster_id ORDER BY job_id) FROM cluster_jobs",
    )
    .await;
    serde_json::from_str(&all.unwrap()).unwrap()
}

fn sent(created: usize, grouped: usize) -> AlertCounts {
    AlertCounts {
        created,
        grouped,
        skipped: 0,
        duplicate: 0,
    }
}

fn towns(range: std::ops::Range<u32>) -> Vec<NormalizationResult> {
    range
        .map(|n| posting(&n.to_string(), &format!("Town {n}")))
        .collect()
}

#[tokio::test]
async fn postings_of_one_vacancy_in_one_scan_are_one_alert() {
    let store = store().await;
    assert_eq!(listed(&store, &towns(0..30)).await, sent(1, 29));
    assert_eq!(clusters(&store).await, [1; 30]);
    assert_eq!(store.alerts_without_delivery().await.unwrap().len(), 1);
}

#[tokio::test]
async fn postings_of_one_vacancy_join_over_several_scans_and_statements() {
    let store = store().await;
    assert_eq!(listed(&store, &towns(0..300)).await, sent(1, 299));
    assert_eq!(listed(&store, &towns(300..301)).await, sent(0, 1));
    assert_eq!(listed(&store, &towns(301..600)).await, sent(0, 299));
    assert_eq!(clusters(&store).await, [1; 600]);
}

#[tokio::test]
async fn a_posting_that_matches_another_profile_is_an_alert_of_its_own() {
    let store = store().await;
    let in_berlin = |town: &str| {
        if town == "Berlin" {
            vec!["berlin"]
        } else {
            vec![]
        }
    };
    let first = [posting("1", "New York")];
    assert_eq!(
        listed_with(&store, "acme", &first, in_berlin).await,
        sent(0, 0)
    );
    let second = [posting("2", "Berlin")];
    assert_eq!(
        listed_with(&store, "acme", &second, in_berlin).await,
        sent(1, 0)
    );
    let both = |_: &str| vec!["berlin", "all"];
    let third = [posting("3", "Berlin")];
    assert_eq!(listed_with(&store, "acme", &third, both).await, sent(1, 1));
    assert_eq!(clusters(&store).await, [1, 1, 1]);
}

#[tokio::test]
async fn postings_that_differ_in_more_than_the_place_stay_apart() {
    let store = store().await;
    let results = [
        posting("1", "Ulm"),
        changed(posting("2", "Ulm"), |job| job.title.push_str(" (night)")),
        changed(posting("3", "Ulm"), |job| {
            job.description = Some(TEXT.replace("four", "five"));
        }),
        changed(posting("4", "Ulm"), |job| {
            job.company = Some("Mill".to_owned());
        }),
    ];
    assert_eq!(listed(&store, &results).await, sent(4, 0));
    assert_eq!(clusters(&store).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn missing_and_short_texts_join_nothing() {
    let store = store().await;
    let with = |id: &str, text: Option<&str>| {
        changed(posting(id, "Ulm"), |job| {
            job.description = text.map(str::to_owned);
        })
    };
    let short: String = TEXT.chars().take(199).collect();
    let results = [
        with("1", None),
        with("2", None),
        with("3", Some(&short)),
        with("4", Some(&short)),
    ];
    assert_eq!(listed(&store, &results).await, sent(4, 0));
    let later = [with("5", None), with("6", Some(&short))];
    assert_eq!(listed(&store, &later).await, sent(2, 0));
}

#[tokio::test]
async fn a_source_without_a_company_stands_for_the_company_of_its_name() {
    let store = store().await;
    listed(&store, &[posting("1", "Ulm")]).await;
    for (id, source, expected) in [("2", "Acme", sent(0, 1)), ("3", "Mill", sent(1, 0))] {
        let nameless = [changed(posting(id, "Ulm"), |job| job.company = None)];
        let counts = listed_with(&store, source, &nameless, |_| vec!["default"]).await;
        assert_eq!(counts, expected, "{source}");
    }
}

#[tokio::test]
async fn a_source_that_is_renamed_stands_for_the_company_of_its_new_name() {
    let store = store().await;
    let nameless = |id| changed(posting(id, "Ulm"), |job| job.company = None);
    listed_with(&store, "mill", &[nameless("1")], |_| vec![]).await;
    let renamed = begin_scan(&store, "mill", "Acme", at("08:30:00")).await;
    renamed.commit(&COMPLETE).await.unwrap();

    listed(&store, &[posting("2", "Bonn")]).await;
    listed_with(&store, "windmill", &[nameless("3")], |_| vec![]).await;
    assert_eq!(clusters(&store).await, [1, 1, 2]);
}

/// A short teaser at an address, as an aggregator of the company's board lists it.
fn teaser(id: &str, title: &str, url: &str, apply_url: Option<&str>) -> NormalizationResult {
    changed(posting(id, "Anywhere"), |job| {
        title.clone_into(&mut job.title);
        url.clone_into(&mut job.url);
        job.apply_url = apply_url.map(str::to_owned);
        job.description = Some("A job for you!".to_owned());
    })
}

#[tokio::test]
async fn jobs_of_two_sources_at_one_address_are_one_vacancy() {
    let board = "https://acme.example/jobs/1";
    for other in [
        teaser("x", "baker", board, None),
        teaser("x", "Baker", "https://boards.example/x", Some(board)),
    ] {
        let store = store().await;
        listed(&store, &[posting("1", "Ulm"), posting("2", "Köln")]).await;
        let counts = listed_with(&store, "boards", &[other], |_| vec!["default"]).await;
        assert_eq!(counts, sent(0, 1));
        assert_eq!(clusters(&store).await, [1, 1, 1]);
    }
}

#[tokio::test]
async fn an_address_that_proves_nothing_joins_nothing() {
    let board = "https://acme.example/jobs/1";
    let careers = "https://acme.example/careers";
    let pending = NormalizationResult {
        deferred: Some(Box::new(RawJob::default())),
        ..teaser("x", "Baker", board, None)
    };
    for others in [
        vec![teaser("x", "Confectioner", board, None)],
        vec![
            teaser("x", "Baker", board, None),
            teaser("y", "Baker", board, None),
        ],
        vec![teaser(
            "x",
            "Baker",
            "https://boards.example/x",
            Some(careers),
        )],
        vec![pending],
    ] {
        let store = store().await;
        let generic = |id| {
            changed(posting(id, "Ulm"), |job| {
                job.apply_url = Some(careers.to_owned());
                job.description = Some(format!("{TEXT} {id}"));
            })
        };
        listed(&store, &[generic("1"), generic("2")]).await;
        let counts = listed_with(&store, "boards", &others, |_| vec!["default"]).await;
        assert_eq!(counts, sent(others.len(), 0), "{others:?}");
    }
}

#[tokio::test]
async fn a_job_does_not_join_one_that_is_closed_or_not_watched() {
    for end in [
        "UPDATE jobs SET closed_at = '2026-11-23T08:15:00.000Z'",
        "UPDATE sources SET retired_at = '2026-11-23T08:15:00.000Z'",
    ] {
        let store = store().await;
        listed(&store, &[posting("1", "Ulm")]).await;
        spoil(&store, end).await;
        let again = [posting("2", "Ulm")];
        let counts = listed_with(&store, "other", &again, |_| vec!["default"]).await;
        assert_eq!(counts, sent(1, 0), "{end}");
    }
}

#[tokio::test]
async fn a_new_text_is_one_new_version_and_followers_are_grouped() {
    let store = store().await;
    listed(&store, &towns(0..3)).await;
    let new = TEXT.replace("three", "four");
    let of = |id: u32, text: &str| reworded(&id.to_string(), &format!("Town {id}"), text);
    assert_eq!(listed(&store, &[of(0, &new)]).await, sent(1, 0));
    assert_eq!(listed(&store, &[of(1, &new)]).await, sent(0, 1));
    assert_eq!(listed(&store, &[of(2, &new)]).await, sent(0, 1));
    assert_eq!(clusters(&store).await, [1, 1, 1]);

    // A new posting joins with either text.
    let mut late = posting("9", "Late");
    late.job.description = Some(new.clone());
    assert_eq!(listed(&store, &[late]).await, sent(0, 1));
}

#[tokio::test]
async fn a_text_that_names_its_place_is_one_new_version_for_all() {
    let store = store().await;
    listed(&store, &towns(0..30)).await;
    let all: Vec<_> = (0..30)
        .map(|n| {
            reworded(
                &n.to_string(),
                &format!("Town {n}"),
                &format!("{TEXT} In Town {n}!"),
            )
        })
        .collect();
    assert_eq!(listed(&store, &all).await, sent(1, 29));
}

#[tokio::test]
async fn a_text_that_returns_is_not_alerted_again() {
    let store = store().await;
    listed(&store, &towns(0..2)).await;
    let new = TEXT.replace("three", "four");
    listed(&store, &[reworded("0", "Town 0", &new)]).await;
    let back = listed(&store, &[reworded("0", "Town 0", TEXT)]).await;
    assert_eq!((back.created, back.duplicate), (0, 1));
}

#[tokio::test]
async fn another_place_is_not_a_new_version_and_another_company_is() {
    let store = store().await;
    listed(&store, &[posting("1", "Ulm"), posting("2", "Köln")]).await;
    let moved = updated(posting("1", "Bonn"));
    assert_eq!(listed(&store, &[moved]).await, sent(0, 1));

    let renamed = |id, town| {
        let result = changed(posting(id, town), |job| {
            job.company = Some("Acme Bakers".to_owned());
        });
        updated(result)
    };
    let both = [renamed("1", "Bonn"), renamed("2", "Köln")];
    assert_eq!(listed(&store, &both).await, sent(1, 1));
}

#[tokio::test]
async fn our_own_change_is_not_a_new_version() {
    let store = store().await;
    listed(&store, &[posting("1", "Ulm")]).await;
    let ours = NormalizationResult {
        reprocessed: true,
        ..reworded("1", "Ulm", &TEXT.replace("four", "4"))
    };
    assert_eq!(listed(&store, &[ours]).await, sent(0, 1));
}

#[tokio::test]
async fn a_job_whose_text_arrives_later_joins_then() {
    let store = store().await;
    let pending = |id: &str, town| {
        let listing = changed(posting(id, town), |job| job.description = None);
        NormalizationResult {
            deferred: Some(Box::new(RawJob::default())),
            ..listing
        }
    };
    listed(&store, &[posting("1", "Ulm")]).await;
    let both = [pending("2", "Köln"), pending("3", "Bonn")];
    let unmatched = |_: &str| vec![];
    listed_with(&store, "acme", &both, unmatched).await;
    assert_eq!(clusters(&store).await, [1, 2, 3]);

    let arrived = [updated(posting("2", "Köln")), updated(posting("3", "Bonn"))];
    assert_eq!(listed(&store, &arrived).await, sent(0, 2));
    assert_eq!(clusters(&store).await, [1, 1, 1]);
}

#[tokio::test]
async fn a_job_that_was_alerted_without_its_text_stays_alone() {
    let store = store().await;
    listed(&store, &[posting("1", "Ulm")]).await;
    let given_up = changed(posting("2", "Köln"), |job| job.description = None);
    assert_eq!(listed(&store, &[given_up]).await, sent(1, 0));
    let arrived = [updated(posting("2", "Köln"))];
    assert_eq!(
        listed(&store, &arrived).await,
        sent(1, 0),
        "its text is new"
    );
    assert_eq!(clusters(&store).await, [1, 2]);
}

#[tokio::test]
async fn a_pending_job_of_another_source_is_not_joined_by_its_address() {
    let store = store().await;
    let address = "https://acme.example/jobs/1";
    let listing = teaser("1", "Baker", address, None);
    let mut tx = begin_scan(&store, "acme", "Acme", at("08:15:00")).await;
    let pending = NormalizationResult {
        deferred: Some(Box::new(RawJob::default())),
        ..listing.clone()
    };
    tx.record_jobs(&[pending], false).await.unwrap();
    let record = DetailsRecord {
        external_id: listing.job.external_id,
        state: DetailsState::Awaited,
        matched: false,
        attempts: 0,
        due_at: at("09:00:00"),
        listing: RawJob::default(),
        details: None,
    };
    tx.record_details(&[record]).await.unwrap();
    tx.commit(&COMPLETE).await.unwrap();

    let other = [teaser("x", "Baker", address, None)];
    listed_with(&store, "boards", &other, |_| vec!["default"]).await;
    assert_eq!(clusters(&store).await, [1, 2]);
}

async fn split(store: &TestStore, key: &str) -> Option<Split> {
    store
        .split_job(&key.parse().unwrap(), at("09:00:00"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_split_job_stays_split() {
    let store = store().await;
    listed(&store, &towns(0..3)).await;
    let taken_out = Split::TakenOut {
        cluster: cluster_id(2),
        left: 2,
    };
    assert_eq!(split(&store, "greenhouse/acme/0").await, Some(taken_out));
    let apart = Split::WasApart {
        cluster: cluster_id(2),
    };
    assert_eq!(split(&store, "greenhouse/acme/0").await, Some(apart));
    assert_eq!(split(&store, "greenhouse/acme/none").await, None);

    // Neither its own changes nor new postings bring it back.
    let new = TEXT.replace("three", "four");
    listed(&store, &[reworded("0", "Town 0", &new)]).await;
    listed(
        &store,
        &[reworded("0", "Town 0", TEXT), posting("9", "Late")],
    )
    .await;
    assert_eq!(clusters(&store).await, [2, 1, 1, 1]);
}

#[tokio::test]
async fn a_split_job_is_alerted_separately() {
    let store = store().await;
    listed(&store, &towns(0..2)).await;
    split(&store, "greenhouse/acme/1").await.unwrap();
    let new = TEXT.replace("three", "four");
    let both = [reworded("0", "Town 0", &new), reworded("1", "Town 1", &new)];
    assert_eq!(listed(&store, &both).await, sent(2, 0));
}

#[tokio::test]
async fn a_split_job_that_was_alone_is_joined_by_none() {
    let store = store().await;
    listed(&store, &towns(0..1)).await;
    let alone = Split::Alone {
        cluster: cluster_id(1),
    };
    assert_eq!(split(&store, "greenhouse/acme/0").await, Some(alone));
    assert_eq!(listed(&store, &towns(1..2)).await, sent(1, 0));
    assert_eq!(clusters(&store).await, [1, 2]);
}

#[tokio::test]
async fn a_delivery_shows_the_places_and_sources_that_are_open() {
    let store = store().await;
    listed(&store, &towns(0..4)).await;
    let other = [posting("x", "Town 0"), posting("y", "Town 9")];
    listed_with(&store, "other", &other, |_| vec!["default"]).await;
    let mut tx = begin_scan(&store, "acme", "acme", at("08:15:00")).await;
    let gone = [ExternalId::new("2").unwrap()];
    tx.update_presence(ListingCoverage::Complete(&gone), at("08:15:00"))
        .await
        .unwrap();
    tx.commit(&COMPLETE).await.unwrap();
    spoil(
        &store,
        "UPDATE jobs SET closed_at = '2026-11-23T08:15:00.000Z' WHERE job_id = 4",
    )
    .await;

    let alerts = store.alerts_without_delivery().await.unwrap();
    let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
    store
        .record_deliveries(&[delivery("1@scanner", &ids)], at("08:30:00"))
        .await
        .unwrap();
    let claimed = claim(&store, "08:30:00", "a").await.unwrap();
    let [alert] = &claimed.alerts[..] else {
        panic!("{:?}", claimed.alerts)
    };
    let places: Vec<_> = alert
        .also
        .places
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(places, ["Town 1", "Town 2", "Town 9"]);
    let sources: Vec<_> = alert
        .also
        .sources
        .iter()
        .map(|it| it.key.to_string())
        .collect();
    assert_eq!(sources, ["greenhouse/other"]);

    let key = "greenhouse/other/y".parse().unwrap();
    let listed = store.find_job(&key, at("08:30:00")).await.unwrap().unwrap();
    let places: Vec<_> = listed
        .also
        .places
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(places, ["Town 0", "Town 1", "Town 2"]);
    assert_eq!(
        (listed.cluster, listed.also.sources.len()),
        (cluster_id(1), 1)
    );
}

#[tokio::test]
async fn a_cluster_is_deleted_with_its_last_job() {
    let store = store().await;
    listed(&store, &towns(0..2)).await;
    listed(
        &store,
        &[changed(posting("9", "Ulm"), |job| job.title.push('!'))],
    )
    .await;
    spoil(
        &store,
        "UPDATE jobs SET closed_at = '2026-11-20T08:15:00.000Z' WHERE job_id > 1",
    )
    .await;
    let retention = Retention {
        runs: std::time::Duration::from_hours(24),
        closed_jobs: std::time::Duration::from_hours(24),
        versions: 3,
    };
    store
        .forget(&retention, at("08:00:00"), at("09:00:00"))
        .await
        .unwrap();
    assert_each_job_is_in_one_cluster(&store).await;
    assert_eq!(clusters(&store).await, [1]);

    listed(
        &store,
        &[changed(posting("10", "Ulm"), |job| job.title.push('?'))],
    )
    .await;
    assert_eq!(clusters(&store).await, [1, 3], "an id is not given again");
}

/// A database of each earlier version, with two jobs of equal text, an alert that was sent and one
/// that waits.
#[tokio::test]
async fn a_database_of_every_earlier_version_is_migrated_without_an_alert() {
    for version in 2..=16 {
        let older = store_before(version).await;
        let known = ["1", "2"].map(|id| posting(id, "Ulm"));
        let source = "INSERT INTO sources (source_id, adapter, identifier, name, first_seen_at)
                      VALUES (1, 'greenhouse', 'acme', 'acme', '2026-11-23T08:00:00.000Z')";
        spoil(&older, source).await;
        for result in &known {
            fill(&older, &result.job).await;
        }

        let store = older.migrated().await;
        assert_each_job_is_in_one_cluster(&store).await;
        assert_eq!(clusters(&store).await, [1, 2], "before {version}");
        let waiting = store.alerts_without_delivery().await.unwrap();
        let waited = number(&store, "SELECT COUNT(*) FROM alerts").await;
        assert_eq!((waiting.len(), waited), (2, 2), "before {version}");

        // Neither a scan without changes nor one with another place alerts.
        let unchanged = listed(&store, &known).await;
        assert_eq!(
            (unchanged.created, unchanged.duplicate),
            (0, 2),
            "before {version}"
        );
        let moved = listed(&store, &[updated(posting("1", "Bonn"))]).await;
        assert_eq!(moved, sent(0, 1), "before {version}");

        // A changed text is one, and a new posting joins the job that has it.
        let new = TEXT.replace("three", "four");
        assert_eq!(
            listed(&store, &[reworded("1", "Bonn", &new)]).await,
            sent(1, 0)
        );
        let mut late = posting("3", "Late");
        late.job.description = Some(new);
        assert_eq!(
            listed(&store, &[late]).await,
            sent(0, 1),
            "before {version}"
        );
    }
}

#[tokio::test]
async fn a_text_from_before_the_index_by_company_is_joined() {
    for company in ["'Acme'", "NULL"] {
        let older = store_before(20).await;
        let known = posting("1", "Ulm").job;
        let source = "INSERT INTO sources (source_id, adapter, identifier, name, first_seen_at)
                      VALUES (1, 'greenhouse', 'boards', 'ACME', '2026-11-23T08:00:00.000Z')";
        spoil(&older, source).await;
        fill(&older, &known).await;
        let hash = job_scanner_core::hash::hex(VacancyHashes::of_job(&known).text.as_bytes());
        for statement in [
            format!("UPDATE job_versions SET company = {company}"),
            "INSERT INTO clusters (created_at) VALUES ('2026-11-23T08:00:00.000Z')".to_owned(),
            format!(
                "INSERT INTO cluster_jobs (job_id, cluster_id, version, text_hash) VALUES (1, 1, x'00', x'{hash}')"
            ),
        ] {
            spoil(&older, &statement).await;
        }

        let store = older.migrated().await;
        listed(&store, &[posting("2", "Bonn")]).await;
        assert_eq!(clusters(&store).await, [1, 1], "{company}");
    }
}

/// Stores a job with a match and an alert, by the SQL of the first version.
async fn fill(older: &TestStore, job: &Job) {
    let hash = job_scanner_core::hash::hex(job.content_hash.as_bytes());
    let (id, title) = (job.external_id.as_str(), &job.title);
    let town = &job.locations[0].name;
    let mut tx = older.begin().await.unwrap();
    for statement in [
        format!(
            "INSERT INTO jobs (job_id, source_id, external_id, content_hash, url, extra, baseline, first_seen_at)
             VALUES ({id}, 1, '{id}', x'{hash}', '{}', '[]', 0, '2026-11-23T08:00:00.000Z')",
            job.url
        ),
        format!(
            "INSERT INTO job_versions (job_id, content_hash, title, company, locations, description, first_seen_at)
             VALUES ({id}, x'{hash}', '{title}', 'Acme', '[{{\"name\":\"{town}\"}}]', '{TEXT}',
                 '2026-11-23T08:00:00.000Z')"
        ),
        format!(
            "INSERT INTO matches (job_id, content_hash, profile, reasons, matched_at)
             VALUES ({id}, x'{hash}', 'default', '{{\"profile\":\"default\",\"reasons\":[]}}',
                 '2026-11-23T08:00:00.000Z')"
        ),
        format!(
            "INSERT INTO alerts (job_id, content_hash, profile, kind, created_at)
             VALUES ({id}, x'{hash}', 'default', 'new', '2026-11-23T08:00:00.000Z')"
        ),
    ] {
        Statement::composed(statement).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}
