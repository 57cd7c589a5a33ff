//! Requests that an adapter may make, tested with a component that requests any URL.

use job_scanner_board_server::{Api, Board, BoardServer, Failure, job};
use job_scanner_core::run::ScanOutcome;

use crate::support::{World, source};

/// Returns the result of the adapter's request to `url`: the status, or the refusal. Also scans an
/// honest source on another server, which must not be affected.
async fn answer_to(world: &World, url: &str, allow_hosts: &str) -> String {
    let source_line = format!(
        "{{type: hostile, identifier: fetch, options: {{mode: fetch, url: '{url}'}}, allow_hosts: [{allow_hosts}]}}"
    );
    let honest = BoardServer::start().await.unwrap();
    honest.set_board("honest", Board::new([job(1)]));
    let (base_url, address) = (honest.api_url(Api::Greenhouse), honest.address());
    let honest_line = format!(
        "{{type: greenhouse, identifier: honest, options: {{base_url: '{base_url}'}}, allow_hosts: ['{address}']}}"
    );
    let result = world.run(&world.config(&[source_line, honest_line])).await;
    assert!(
        source(&result, "hostile/fetch").error.is_none(),
        "{result:#?}"
    );
    assert_eq!(
        source(&result, "greenhouse/honest").outcome,
        ScanOutcome::Complete
    );
    title_of_the_job(world, "fetch").await
}

/// Returns the title of the one job that the hostile adapter returned for this identifier.
pub(crate) async fn title_of_the_job(world: &World, identifier: &str) -> String {
    use std::str::FromStr as _;

    use sqlx::ConnectOptions as _;

    let options = sqlx::sqlite::SqliteConnectOptions::from_str(&world.database_url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    let title = sqlx::query_scalar(
        "SELECT title FROM jobs JOIN job_versions USING (job_id, content_hash) JOIN sources USING (source_id)
         WHERE adapter = 'hostile' AND identifier = ?",
    );
    title
        .bind(identifier)
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

fn board_url(world: &World) -> String {
    format!(
        "{}/v1/boards/acme/jobs",
        world.boards.api_url(Api::Greenhouse)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_loopback_address_is_reached_over_plain_http() {
    let world = World::with_a_job().await;
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world), &listed).await, "200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_not_listed_is_refused_before_any_connection() {
    let world = World::with_a_job().await;
    let answer = answer_to(&world, &board_url(&world), "").await;
    assert!(
        answer.contains("allow_hosts"),
        "the refusal says what to write: {answer}"
    );
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_port_of_a_listed_host_is_refused() {
    let world = World::with_a_job().await;
    let answer = answer_to(&world, &board_url(&world), "'127.0.0.1:9'").await;
    assert!(answer.contains("allow_hosts"), "{answer}");
    assert!(world.boards.requests().is_empty());
}

/// Other notations of the board's own address.
const DISGUISES: [&str; 6] = [
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "[::ffff:127.0.0.1]",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_another_notation_is_refused_too() {
    let world = World::with_a_job().await;
    let url = board_url(&world);
    let port = world.boards.address().port();
    // `0.0.0.0` and `localhost` also lead to this machine, and NAT64 and 6to4 addresses may.
    let others = [
        "0.0.0.0",
        "localhost",
        "localhost.",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ];
    for host in DISGUISES.into_iter().chain(others) {
        let answer = answer_to(
            &world,
            &url.replace("127.0.0.1", host),
            &format!("'127.0.0.2:{port}'"),
        )
        .await;
        assert!(answer.contains("allow_hosts"), "{host}: {answer}");
    }
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_another_notation_counts_as_listed() {
    let world = World::with_a_job().await;
    let url = board_url(&world);
    let listed = format!("'{}'", world.boards.address());
    for host in DISGUISES {
        assert_eq!(
            answer_to(&world, &url.replace("127.0.0.1", host), &listed).await,
            "200",
            "{host}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_name_in_front_of_the_host_is_refused() {
    let world = World::with_a_job().await;
    let listed = format!("'{}'", world.boards.address());
    for user in ["elsewhere.example@", "me:secret@", ":secret@"] {
        let url = board_url(&world).replace("127.0.0.1", &format!("{user}127.0.0.1"));
        let answer = answer_to(&world, &url, &listed).await;
        assert!(
            answer.contains("has a user name or password in it"),
            "{user}: {answer}"
        );
    }
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_host_that_is_not_granted_is_not_followed() {
    let world = World::with_a_job().await;
    let elsewhere = World::new().await;
    elsewhere
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world
        .boards
        .fail("acme", Failure::Redirect(board_url(&elsewhere)));
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world), &listed).await, "302");
    assert!(elsewhere.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_granted_host_is_followed() {
    let world = World::with_a_job().await;
    world.boards.set_board("moved", Board::new([]));
    world
        .boards
        .fail("moved", Failure::Redirect(board_url(&world)));
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(
        answer_to(&world, &board_url(&world).replace("acme", "moved"), &listed).await,
        "200"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_redirects_are_stopped() {
    let world = World::with_a_job().await;
    world
        .boards
        .fail("acme", Failure::Redirect(board_url(&world)));
    let listed = format!("'{}'", world.boards.address());
    let answer = answer_to(&world, &board_url(&world), &listed).await;
    assert!(answer.contains("redirects"), "{answer}");
    assert_eq!(world.boards.requests().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_the_environment_is_not_used() {
    let world = World::with_a_job().await;
    let proxy = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_job-scanner"));
    program
        .arg("--manual-run")
        .current_dir(world.folder())
        .env_clear();
    program
        .env("DATABASE_URL", world.database_url())
        .env("XDG_CACHE_HOME", crate::support::compiled());
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        program.env(name, proxy.boards.base_url());
    }
    let output = program.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        (world.boards.requests().len(), proxy.boards.requests().len()),
        (1, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_board_is_retried_within_the_scan() {
    let world = World::with_a_job().await;
    world.boards.fail_next(
        "acme",
        2,
        Failure::Status {
            code: 503,
            retry_after: Some(0),
        },
    );
    let listed = format!("'{}'", world.boards.address());
    assert_eq!(answer_to(&world, &board_url(&world), &listed).await, "200");
    assert_eq!(world.boards.requests().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_retry_after_delays_the_next_scan() {
    let world = World::with_a_job().await;
    world.boards.fail(
        "acme",
        Failure::Status {
            code: 429,
            retry_after: Some(86_400),
        },
    );
    let result = world.run(&world.config(&[world.greenhouse("acme")])).await;
    let error = source(&result, "greenhouse/acme").error.as_ref().unwrap();
    assert_eq!(
        (error.kind.as_str(), error.message.as_str()),
        ("rate-limited", "the board asked us to slow down for 86400s")
    );
    assert_eq!(world.boards.requests().len(), 1);
    let rest =
        "SELECT unixepoch(rest_until) - unixepoch((SELECT MAX(started_at) FROM runs)) FROM sources";
    assert_eq!(world.number(rest).await, 86_400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_in_allow_hosts_has_no_rate_limit() {
    let world = World::new().await;
    let tokens: Vec<String> = (0..20).map(|number| format!("board-{number}")).collect();
    for token in &tokens {
        world
            .boards
            .set_board(token, Board::new([job(1).title("Rust Engineer")]));
    }
    let sources: Vec<String> = tokens.iter().map(|token| world.greenhouse(token)).collect();
    let limits = "adapters: {dir: adapters, limits: {default: {wall_scan: 10s}}}";
    let config = world
        .config(&sources)
        .replace("adapters: {dir: adapters}", limits);
    let config =
        format!("{config}advanced: {{max_rate_per_host: 1, max_concurrent_sources: 20}}\n");
    assert!(
        !world.run(&config).await.had_errors,
        "one a second would take twenty"
    );
}
