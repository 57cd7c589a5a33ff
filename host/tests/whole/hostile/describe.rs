//! Adapters that misbehave while the host reads their manifest. This happens at every start, so
//! only the adapter's own sources may be affected.

use futures::future::join_all;
use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;

use super::{failure, source};
use crate::command_line::{job_scanner, text};
use crate::support::World;
use crate::wat::{FOR_EVER, MANIFEST, Parts, WAITING, component, data, put_accepted};

/// Returns why a source of this component fails next to an honest one. Checks that
/// `adapter inspect` shows the same reason.
async fn refusal(parts: Parts<'_>) -> String {
    let world = World::new().await;
    put_accepted(&world, &component(&parts));
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let strange = "{type: strange, identifier: any}".to_owned();
    let result = world
        .run(&world.config(&[strange, world.greenhouse("acme")]))
        .await;
    assert_eq!(
        source(&result, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    assert_eq!(failure(&result, "strange/any"), "not-started");
    let told = source(&result, "strange/any")
        .error
        .as_ref()
        .unwrap()
        .message
        .clone();

    let path = world.folder().join("adapters/strange.wasm");
    let output = job_scanner(&world, &["adapter", "inspect", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let inspected = text(&output.stderr);
    let crime = told
        .split_once("cannot read its manifest: ")
        .unwrap_or_else(|| panic!("{told}"))
        .1;
    // The CPU time in the message varies.
    let constant = crime
        .split_once(" (it computed")
        .map_or(crime, |(constant, _)| constant);
    assert!(inspected.contains(constant), "{inspected}\n{constant}");
    crime.to_owned()
}

async fn refused_manifest(manifest: &str) -> String {
    refusal(Parts {
        manifest,
        ..Parts::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_ends_with_the_budget_for_manifests() {
    let told = refusal(Parts {
        describe: "(loop $again (br $again)) unreachable",
        ..Parts::default()
    })
    .await;
    assert!(
        told.starts_with("the adapter used up its CPU (one page) budget of 500ms"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_wait_times_out() {
    let describe = &format!("{FOR_EVER} unreachable");
    let told = refusal(Parts {
        module: WAITING,
        describe,
        ..Parts::default()
    })
    .await;
    assert_eq!(told, "timed out after 5s (manifest)");
}

/// The start function runs before any call, and has the same limits.
#[tokio::test(flavor = "multi_thread")]
async fn misbehaviour_in_the_start_function_has_the_same_limits() {
    let begins = |code: &str| format!("{WAITING} (func $begin {code}) (start $begin)");
    let waits = begins(FOR_EVER);
    let told = refusal(Parts {
        module: &waits,
        ..Parts::default()
    })
    .await;
    assert_eq!(told, "timed out after 5s (manifest)");
    let loops = begins("(loop $again (br $again))");
    let told = refusal(Parts {
        module: &loops,
        ..Parts::default()
    })
    .await;
    assert!(
        told.starts_with("the adapter used up its CPU (one page) budget of 500ms"),
        "{told}"
    );
    let traps = begins("unreachable");
    let told = refusal(Parts {
        module: &traps,
        ..Parts::default()
    })
    .await;
    assert!(told.starts_with("the adapter trapped: "), "{told}");
}

/// The cleanup function runs after the call, and has the same limits.
#[tokio::test(flavor = "multi_thread")]
async fn misbehaviour_in_the_cleanup_has_the_same_limits() {
    let ends = |code: &str| {
        let export = "cabi_post_job-scanner:source/adapter@0.1.0#describe";
        format!("(func (export \"{export}\") (param i32) {code})")
    };
    let loops = ends("(loop $again (br $again))");
    let told = refusal(Parts {
        module: &loops,
        ..Parts::default()
    })
    .await;
    assert!(
        told.starts_with("the adapter used up its CPU (one page) budget of 500ms"),
        "{told}"
    );
    let traps = ends("unreachable");
    let told = refusal(Parts {
        module: &traps,
        ..Parts::default()
    })
    .await;
    assert!(told.starts_with("the adapter trapped: "), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_reported() {
    let told = refusal(Parts {
        describe: "unreachable",
        ..Parts::default()
    })
    .await;
    assert!(told.starts_with("the adapter trapped: "), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_recursion_is_reported_as_a_trap() {
    let module = "(func $again (result i32) (i32.add (call $again) (i32.const 1)))";
    let told = refusal(Parts {
        module,
        describe: "call $again",
        ..Parts::default()
    })
    .await;
    assert!(told.contains("call stack exhausted"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_of_ten_megabytes_is_refused() {
    let grown = "(drop (memory.grow (i32.const 200)))
        (i32.store (i32.const 20) (i32.const 10485760)) (i32.const 16)";
    let told = refusal(Parts {
        describe: grown,
        ..Parts::default()
    })
    .await;
    assert!(told.contains("bytes"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_invalid_manifest_is_not_repeated_in_full() {
    let told = refused_manifest(&format!(
        r#"{{"name": "strange", "version": "1", "hosts": "{}"}}"#,
        "x".repeat(200_000)
    ))
    .await;
    assert!(told.len() < 2_000, "{} bytes", told.len());
}

/// A call that fails may take seconds, and other adapters wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_fails_is_called_once_for_all_its_sources() {
    let world = World::new().await;
    let module = r#"(import "job-scanner:source/log@0.1.0" "log" (func $log (param i32 i32 i32)))"#;
    let describe = "(call $log (i32.const 3) (i32.const 64) (i32.const 24)) unreachable";
    let manifest = "it was asked who it is, ";
    put_accepted(
        &world,
        &component(&Parts {
            manifest,
            module,
            describe,
            ..Parts::default()
        }),
    );
    let source = |name: &str| format!("{{type: strange, identifier: {name}}}");
    world.write_config(&world.config(&["one", "two", "three"].map(source)));
    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(1));
    let (table, log) = (text(&output.stdout), text(&output.stderr));
    let reasons = table.matches("cannot read its manifest").count();
    assert_eq!(reasons, 1, "one line for all three sources: {table}");
    let said = format!("message=\"{manifest}");
    assert_eq!(log.matches(&said).count(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_manifests_are_refused_without_control_characters() {
    for (manifest, words) in [
        ("not JSON", "the manifest does not follow the contract"),
        ("{}", "the manifest does not follow the contract"),
        (r#"{"name": "a\u001b[2Jb", "version": "1"}"#, "name"),
        (r#"{"name": "\u202egpj", "version": "1"}"#, "name"),
        (
            r#"{"name": "a", "version": "1", "options": {"$ref": "file:///etc/passwd"}}"#,
            "$ref",
        ),
        (
            r#"{"name": "a", "version": "1", "options": {"$ref": "https://a.example/s.json"}}"#,
            "$ref",
        ),
        (
            r#"{"name": "a", "version": "1", "options": {"pattern": "(a{1000}){1000}"}}"#,
            "pattern",
        ),
        (
            r#"{"name": "a", "version": "1", "options": {"pattern": "(?=a)b"}}"#,
            "pattern",
        ),
    ] {
        let told = refused_manifest(manifest).await;
        assert!(told.contains(words), "{manifest}: {told}");
        assert!(
            !told.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{told:?}"
        );
    }
}

/// The host does not send the request, and returns an error to the adapter, which returns its
/// manifest only then.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_while_the_manifest_is_read_is_not_sent() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1)]));
    let url = format!("http://{}/", world.boards.address());
    let bytes = data(url.as_bytes());
    let module = format!(
        r#"(import "job-scanner:source/http@0.1.0" "send"
               (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
           (data (i32.const 8192) "GET")
           (data (i32.const 8200) "{bytes}")"#
    );
    let length = url.len();
    // The result is written to address 9000. Its first byte is 0 if there is a response.
    let describe = format!(
        "(call $send (i32.const 8192) (i32.const 3) (i32.const 8200) (i32.const {length}) (i32.const 0) (i32.const 0)
             (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9000))
         (if (i32.eqz (i32.load8_u (i32.const 9000))) (then unreachable))
         (i32.const 16)"
    );
    let path = world.put_adapter(
        "strange",
        &component(&Parts {
            manifest: MANIFEST,
            module: &module,
            describe: &describe,
            ..Parts::default()
        }),
    );
    let output = job_scanner(&world, &["adapter", "inspect", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(world.boards.requests().is_empty());
}

/// A start may load any number of adapters at once, and each has room to return its manifest.
#[tokio::test(flavor = "multi_thread")]
async fn slow_manifests_do_not_prevent_others_from_being_read() {
    let world = World::new().await;
    let describe = "(call $wait (call $after (i64.const 50000000))) i32.const 16";
    put_accepted(
        &world,
        &component(&Parts {
            module: WAITING,
            describe,
            ..Parts::default()
        }),
    );
    let one_at_a_time = format!(
        "{}advanced: {{max_concurrent_sources: 1}}\n",
        world.config(&[world.greenhouse("acme")])
    );
    let context = world.context(&one_at_a_time).await;
    let path = world.folder().join("adapters/strange.wasm");
    for loaded in join_all((0..6).map(|_| context.scanner.catalog.load_file(&path))).await {
        assert_eq!(loaded.unwrap().manifest().name.to_string(), "strange");
    }
}
