//! A program with newer rules over the database of an older one.

use job_scanner_board_server::{Api, Board, BoardJob, Workplace, job};
use job_scanner_core::run::ScanOutcome;
use sqlx::Connection as _;

use crate::support::{World, source};

/// Returns a job that `required_terms: [engineer]` matches by its text.
fn builder(id: u64) -> BoardJob {
    job(id)
        .title(format!("Builder {id}"))
        .content_html("<p>An engineer who builds.</p>")
}

/// Makes the database one of the version before: without facts, scanned and matched with older
/// rules.
async fn downgrade(world: &World) {
    let mut database = world.database().await;
    for statement in [
        "UPDATE job_versions SET facts = NULL, facts_version = NULL",
        "UPDATE jobs SET listing_hash = zeroblob(32)",
        "UPDATE sources SET normalization_version = normalization_version - 1",
        "UPDATE profiles SET matching_version = matching_version - 1, fingerprint = zeroblob(32)",
    ] {
        let changed = sqlx::query(statement).execute(&mut database).await.unwrap();
        assert!(changed.rows_affected() > 0, "{statement}");
    }
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_sends_nothing_and_stores_the_facts_of_every_job_in_one_scan() {
    let world = World::new().await;
    for name in ["acme", "umbrella"] {
        world
            .boards
            .set_board(name, Board::new([builder(1), job(2).title("Cook")]));
    }
    let sources = [world.greenhouse("acme"), world.deferred("umbrella", "")];
    let config = world.config(&sources);
    assert_eq!(world.run(&config).await.totals.notified, 2);
    let unchanged = world.run(&config).await;
    assert_eq!(
        source(&unchanged, "greenhouse/acme").outcome,
        ScanOutcome::NotModified
    );
    let sent = world.outbox().len();

    downgrade(&world).await;
    world.boards.clear_requests();
    let upgraded = world.run(&config).await.totals;
    assert_eq!(
        (upgraded.new, upgraded.updated, upgraded.notified),
        (0, 0, 0)
    );
    assert_eq!(world.outbox().len(), sent);

    let without = "SELECT COUNT(*) FROM job_versions WHERE facts IS NULL OR facts_version IS NULL";
    assert_eq!(world.number(without).await, 0, "also those with details");
    assert_eq!(world.number("SELECT COUNT(*) FROM matches").await, 2);
    let after = world.run(&config).await;
    let outcome = source(&after, "greenhouse/acme").outcome;
    assert_eq!(outcome, ScanOutcome::NotModified, "one scan was enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_new_rules_match_by_its_text_gets_no_message() {
    let world = World::new().await;
    let paid = job(1).content_html("<p>Salary: EUR 80,000 – 90,000 per year.</p>");
    world.boards.set_board("acme", Board::new([paid]));
    let config = format!(
        "{}on_first_scan: silent\nprofiles: [{{name: paid, query: 'has:salary AND salary >= 70k EUR'}}]\n",
        world.config(&[world.greenhouse("acme")])
    );
    let matches = "SELECT COUNT(*) FROM matches WHERE profile = 'paid'";
    world.run(&config).await;
    assert_eq!(world.number(matches).await, 1);

    downgrade(&world).await;
    let mut database = world.database().await;
    sqlx::query("DELETE FROM matches")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let upgraded = world.run(&config).await.totals;
    assert_eq!((upgraded.notified, world.number(matches).await), (0, 1));
    assert_eq!(world.outbox().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_in_which_new_rules_read_another_workplace_gets_no_message() {
    let world = World::new().await;
    let offer = |workplace| Board::new([builder(1).workplace(workplace)]);
    world.boards.set_board("acme", offer(Workplace::Hybrid));
    let config = format!(
        "{}profiles: [{{name: free, query: 'engineer AND NOT workplace:hybrid'}}]\n",
        world.config(&[world.board(Api::Ashby, "acme", "")])
    );
    let matches = "SELECT COUNT(*) FROM matches WHERE profile = 'free'";
    world.run(&config).await;
    assert_eq!(world.number(matches).await, 0);
    let sent = world.outbox().len();

    // The board's new word stands for new rules that read the old one differently.
    downgrade(&world).await;
    world.boards.set_board("acme", offer(Workplace::Remote));
    let upgraded = world.run(&config).await.totals;
    assert_eq!(
        (
            upgraded.updated,
            upgraded.notified,
            world.number(matches).await
        ),
        (1, 0, 1)
    );
    assert_eq!(world.outbox().len(), sent);

    world.boards.set_board("acme", offer(Workplace::Hybrid));
    world.run(&config).await;
    world.boards.set_board("acme", offer(Workplace::OnSite));
    world.run(&config).await;
    let alerts = "SELECT COUNT(*) FROM alerts WHERE profile = 'free'";
    assert_eq!(world.number(alerts).await, 1, "the board itself changed it");
}
