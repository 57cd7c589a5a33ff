//! Components that this host runs, and its messages about all other files.

use std::fs;

use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;

use crate::command_line::{job_scanner, text};
use crate::support::{World, failure, repository, source};
use crate::wat::{Parts, component, put_accepted};

/// Returns a component that exports an empty instance of this name.
fn exporting(name: &str) -> Vec<u8> {
    let length = u8::try_from(name.len()).unwrap();
    let mut component = b"\0asm\x0d\0\x01\0".to_vec();
    component.extend([5, 3, 1, 1, 0]); // one instance, made of no exports
    component.extend([11, length + 6, 1, 0, length]);
    component.extend_from_slice(name.as_bytes());
    component.extend([5, 0, 0]); // refers to that instance
    component
}

/// Returns the message of `adapter inspect` about these bytes.
fn refusal(world: &World, component: &[u8]) -> String {
    let path = world.put_adapter("strange", component);
    let output = job_scanner(world, &["adapter", "inspect", path.to_str().unwrap()]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(1), "")
    );
    text(&output.stderr)
        .replace(path.to_str().unwrap(), "FILE")
        .trim_end()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_adapters_are_refused_with_a_reason() {
    let world = World::new().await;
    let whole = fs::read(repository().join("target/test-adapters/golden.wasm")).unwrap();
    let cases: [(&[u8], &str); 9] = [
        (b"", "the file is empty"),
        (b"no component", "the file is not WebAssembly"),
        (b"\0asm\x0d\0", "the file is truncated"),
        (
            b"\0asm\x01\0\0\0",
            "this is a core module, not a component; link it with `wasm-component-ld`",
        ),
        (
            b"\0asm\x99\0\x07\0",
            "this version of WebAssembly is not supported",
        ),
        (
            b"\x7fELF\x02\x01\x01",
            "this is precompiled code (`.cwasm`), which is never run",
        ),
        (
            &whole[..whole.len() / 2],
            "the component is damaged or truncated: ",
        ),
        (
            b"\0asm\x0d\0\x01\0",
            "the component exports nothing; an adapter exports `job-scanner:source/adapter`",
        ),
        (
            &exporting("wasi:cli/run@0.2.0"),
            "the component exports no `job-scanner:source/adapter`, only `wasi:cli/run@0.2.0`",
        ),
    ];
    for (component, words) in cases {
        let told = refusal(&world, component);
        assert!(
            told.starts_with(&format!(
                "error: `FILE` cannot be used as an adapter: {words}"
            )),
            "{told}"
        );
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contract_version_is_named_in_the_refusal() {
    let world = World::new().await;
    let newer = refusal(&world, &exporting("job-scanner:source/adapter@0.3.0"));
    assert!(
        newer.ends_with("this adapter implements contract 0.3, this host supports 0.1"),
        "{newer}"
    );
    // The name is from our contract, but the exports have another shape.
    let misshapen = refusal(&world, &exporting("job-scanner:source/adapter@0.1.4"));
    assert!(
        misshapen.contains("the component does not match contract 0.1: "),
        "{misshapen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_keys_of_a_manifest_are_refused_with_a_suggestion() {
    let world = World::new().await;
    let strange = component(&Parts {
        manifest: r#"{"name": "strange", "version": "1", "host": [], "limits": {"cpu": 1}}"#,
        ..Parts::default()
    });
    assert_eq!(
        refusal(&world, &strange),
        "error: `FILE` cannot be used as an adapter: cannot read its manifest: the manifest has unknown keys: \
         `host` (did you mean `hosts`?), `limits.cpu` (remove it, or write one of `memory_mib`)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_two_hundred_megabytes_is_not_read() {
    let world = World::new().await;
    let path = world.put_adapter("zeros", b"");
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    let output = job_scanner(
        &world,
        &["adapter", "accept", "--yes", path.to_str().unwrap()],
    );
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.ends_with("zeros.wasm` has more than 67108864 bytes\n"),
        "{stderr}"
    );
}

/// Holds even if the lock file contains the file's digest.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_an_adapter_fails_only_its_sources() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let whole = fs::read(repository().join("target/test-adapters/golden.wasm")).unwrap();
    let config = world.config(&[
        "{type: strange, identifier: any}".to_owned(),
        world.greenhouse("acme"),
    ]);
    for (number, component) in [
        b"\0asm\x01\0\0\0".as_slice(),
        b"\x7fELF\x02\x01\x01",
        b"\0asm\x0d\0\x01\0",
        &whole[..whole.len() / 2],
        &exporting("wasi:cli/run@0.2.0"),
        &exporting("job-scanner:source/adapter@0.3.0"),
    ]
    .into_iter()
    .enumerate()
    {
        put_accepted(&world, component);
        let result = world.run(&config).await;
        assert_eq!(failure(&result, "strange/any"), "not-started", "{number}");
        let honest = source(&result, "greenhouse/acme").outcome;
        assert!(
            matches!(honest, ScanOutcome::Complete | ScanOutcome::NotModified),
            "{number}: {honest:?}"
        );
    }
}

/// `host/tests/golden/README.md` explains this component.
#[tokio::test(flavor = "multi_thread")]
async fn a_component_of_contract_0_1_runs_on_this_host() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1)]));
    let component = fs::read(repository().join("host/tests/golden/source-0.1.wasm")).unwrap();
    assert!(component.len() < 100 * 1024);
    let path = world.put_adapter("kept", &component);
    world.accept(&path).await;
    let board = format!(
        "{}/v1/boards/acme/jobs",
        world
            .boards
            .api_url(job_scanner_board_server::Api::Greenhouse)
    );
    let source_line = format!(
        "{{type: kept, identifier: '{board}', name: Kept, allow_hosts: ['{}']}}",
        world.boards.address()
    );
    let config = world.config(&[source_line]);

    let first = &world.run(&config).await.sources[0];
    assert_eq!(first.outcome, ScanOutcome::Complete, "{first:#?}");
    assert_eq!(
        (
            first.counts.new,
            first.counts.rejected,
            first.counts.matched
        ),
        (2, 0, 2)
    );
    assert_eq!(first.warnings, ["a golden warning"]);
    assert_eq!(first.budget.unwrap().requests.used, 3);
    let jobs = job_scanner(&world, &["jobs", "--format", "csv"]);
    let jobs = text(&jobs.stdout);
    assert!(
        jobs.contains("\"Engineer, status 200\"") && jobs.contains("\"Engineer, 2 answers\""),
        "{jobs}"
    );
    assert!(
        jobs.contains("Golden Company") && jobs.contains("Berlin"),
        "{jobs}"
    );

    let second = &world.run(&config).await.sources[0];
    assert_eq!(
        second.outcome,
        ScanOutcome::NotModified,
        "its state and the board's validator came back: {second:#?}"
    );
}
