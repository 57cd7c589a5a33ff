//! Which requests an adapter may make, tried with a component that asks for whatever it is told.

use crate::support::{World, source};
use job_scanner_board_server::{Api, Board, Failure, job};

/// What the adapter was told when it asked for `url`: the status, or the refusal.
async fn answer_to(world: &World, url: &str, allow_hosts: &str) -> String {
    let source_line = format!(
        "{{type: hostile, identifier: fetch, options: {{mode: fetch, url: '{url}'}}, allow_hosts: [{allow_hosts}]}}"
    );
    let result = world.run(&world.config(&[source_line])).await;
    assert!(source(&result, "hostile/fetch").error.is_none(), "{result:#?}");
    title_of_the_only_job(world).await
}

async fn title_of_the_only_job(world: &World) -> String {
    use sqlx::ConnectOptions as _;
    use std::str::FromStr as _;

    let options = sqlx::sqlite::SqliteConnectOptions::from_str(&world.database_url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    let title = sqlx::query_scalar("SELECT title FROM jobs JOIN job_versions USING (job_id, content_hash)")
        .fetch_one(&mut connection);
    title.await.unwrap()
}

fn board_url(world: &World) -> String {
    format!("{}/v1/boards/acme/jobs", world.boards.api_url(Api::Greenhouse))
}

async fn world_with_a_board() -> World {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_loopback_address_is_reached_over_plain_http() {
    let world = world_with_a_board().await;
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world), &listed).await, "200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_listed_is_refused_before_any_connection() {
    let world = world_with_a_board().await;
    let answer = answer_to(&world, &board_url(&world), "").await;
    assert!(answer.contains("allow_hosts"), "the refusal says what to write: {answer}");
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_port_of_a_listed_host_is_refused() {
    let world = world_with_a_board().await;
    let answer = answer_to(&world, &board_url(&world), "'127.0.0.1:9'").await;
    assert!(answer.contains("allow_hosts"), "{answer}");
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_resolves_to_loopback_is_refused_where_only_public_addresses_are_meant() {
    let world = world_with_a_board().await;
    let port = world.boards.address().port();
    // `http://` in front says: plain HTTP to a public host. `localhost.` resolves, but not to a public address.
    let url = board_url(&world).replace("127.0.0.1", "localhost");
    let unlisted = answer_to(&world, &url, &format!("'127.0.0.1:{port}'")).await;
    assert!(unlisted.contains("localhost"), "{unlisted}");
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn disguised_loopback_addresses_are_refused_unless_they_are_the_listed_one() {
    let world = world_with_a_board().await;
    let port = world.boards.address().port();
    for host in ["2130706434", "0x7f000002", "0177.0.0.2", "127.2", "[::ffff:127.0.0.2]", "[::1]", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/v1/boards/acme/jobs");
        let answer = answer_to(&world, &url, &format!("'127.0.0.1:{port}'")).await;
        assert!(answer.contains("allow_hosts") || answer.contains("denied"), "{host}: {answer}");
    }
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_host_that_is_not_granted_comes_back_as_it_is() {
    let world = world_with_a_board().await;
    let elsewhere = World::new().await;
    elsewhere.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.boards.fail("acme", Failure::Redirect(board_url(&elsewhere)));
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world), &listed).await, "302");
    assert!(elsewhere.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_within_what_is_granted_is_followed() {
    let world = world_with_a_board().await;
    world.boards.set_board("moved", Board::new([]));
    world.boards.fail("moved", Failure::Redirect(board_url(&world)));
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world).replace("acme", "moved"), &listed).await, "200");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_without_end_are_given_up() {
    let world = world_with_a_board().await;
    world.boards.fail("acme", Failure::Redirect(board_url(&world)));
    let listed = format!("'{}'", world.boards.address());
    let answer = answer_to(&world, &board_url(&world), &listed).await;
    assert!(answer.contains("redirects"), "{answer}");
    assert_eq!(world.boards.requests().len(), 6);
}
