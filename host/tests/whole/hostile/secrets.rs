//! Adapters that try to send a secret to another host, or to read it.

use job_scanner_board_server::{Api, Board, BoardServer, Failure, job};
use job_scanner_core::run::ScanOutcome;

use crate::requests::title_of_the_job;
use crate::support::{World, hostile_with, source as source_of};

/// The secret, which no adapter may see.
const VALUE: &str = "marker/of+a secret";

/// The hostile adapter with a secret for `board.example`; it may also contact `other.example`.
const MANIFEST: &str = r#"{"name": "hostile", "version": "1",
    "hosts": [{"pattern": "board.example"}, {"pattern": "other.example"}],
    "options": {"properties": {"key": {"type": "string", "x-secret": true, "x-secret-hosts": ["board.example"]}}}}"#;

async fn world() -> World {
    let world = World::new().await;
    let adapter = world.put_adapter("hostile", &hostile_with(MANIFEST));
    world.accept(&adapter).await;
    std::fs::write(world.folder().join("key"), format!("{VALUE}\n")).unwrap();
    world.boards.set_board("target", Board::new([]));
    world
}

fn target(world: &World) -> String {
    format!(
        "{}/v1/boards/target/jobs",
        world.boards.api_url(Api::Greenhouse)
    )
}

/// Requests this URL with the secret in a header, and returns what the adapter saw. `listed` are
/// further allowed hosts.
async fn request_with_secret(world: &World, url: &str, listed: &[String]) -> String {
    let listed: Vec<String> = listed.iter().map(|host| format!(", '{host}'")).collect();
    let listed = listed.concat();
    let options = format!(
        "mode: fetch-whole, url: '{url}', header: [X-Key, '{{{{secret:key}}}}'], key: 'file:key'"
    );
    let source = format!(
        "{{type: hostile, identifier: thief, options: {{{options}}}, allow_hosts: ['{}'{listed}]}}",
        world.boards.address()
    );
    world.boards.set_board("acme", Board::new([job(1)]));
    let result = world
        .run(&world.config(&[source, world.greenhouse("acme")]))
        .await;
    assert!(!result.had_errors, "the honest one, too: {result:#?}");
    let honest = source_of(&result, "greenhouse/acme").outcome;
    assert!(
        matches!(honest, ScanOutcome::Complete | ScanOutcome::NotModified),
        "{honest:?}"
    );
    assert!(!format!("{result:?}").contains(VALUE), "{result:#?}");
    title_of_the_job(world, "thief").await
}

fn key_of(server: &BoardServer) -> Option<String> {
    let requests = server.requests();
    let of_the_thief = requests
        .iter()
        .rfind(|request| request.path.contains("/target/"));
    of_the_thief.and_then(|request| request.header("x-key").map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_sent_to_its_board() {
    let world = world().await;
    request_with_secret(&world, &target(&world), &[]).await;
    assert_eq!(key_of(&world.boards).as_deref(), Some(VALUE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_not_sent_to_another_granted_host() {
    let world = world().await;
    let told = request_with_secret(&world, "https://other.example/", &[]).await;
    assert!(
        told.contains("the secret `key` may not be sent to `other.example`, only to board.example"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_not_sent_along_a_redirect() {
    let world = world().await;
    let other = BoardServer::start().await.unwrap();
    other.set_board("target", Board::new([]));
    let elsewhere = target(&world).replace(
        &world.boards.address().to_string(),
        &other.address().to_string(),
    );
    world
        .boards
        .fail("target", Failure::Redirect(elsewhere.clone()));
    let told = request_with_secret(&world, &target(&world), &[other.address().to_string()]).await;
    assert!(told.starts_with(&elsewhere), "it was followed: {told}");
    assert_eq!((other.requests().len(), key_of(&other)), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_cannot_be_part_of_an_authority() {
    let world = world().await;
    for url in [
        "https://{{secret:key}}.board.example/",
        "https://{{secret:key}}@board.example/",
    ] {
        let told = request_with_secret(&world, url, &[]).await;
        assert!(
            told.contains("invalid-request") || told.contains("denied"),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_masked_in_the_response_body_and_url() {
    let world = world().await;
    world.boards.fail(
        "target",
        Failure::Body(format!("you sent {VALUE} and marker%2Fof%2Ba%20secret")),
    );
    let told = request_with_secret(
        &world,
        &format!("{}?k={{{{secret:key}}}}", target(&world)),
        &[],
    )
    .await;
    let (plain, encoded) = ("*".repeat(VALUE.len()), "*".repeat(24));
    assert_eq!(
        told,
        format!(
            "{}?k={{{{secret:key}}}} said you sent {plain} and {encoded}",
            target(&world)
        )
    );
}
