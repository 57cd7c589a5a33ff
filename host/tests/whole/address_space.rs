//! The program with a limited address space (`ulimit -v`, `LimitAS=`), as hosting companies set
//! such limits.

use std::process::Command;

use serde_json::Value;

use crate::support::World;

/// Returns the program with this many MiB of address space.
fn within(mebibytes: u64, world: &World) -> Command {
    let program = world.program();
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "ulimit -v \"$0\" && exec \"$@\"",
        &(mebibytes * 1024).to_string(),
    ]);
    limited
        .arg(program.get_program())
        .current_dir(world.folder())
        .env_clear();
    limited.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    limited
}

/// Scans this many sources within this many MiB. Returns how each scan ended, and the log.
async fn scanned_within(mebibytes: u64, sources: usize) -> (Vec<String>, String) {
    let world = World::new().await;
    let source = |number: usize| {
        world
            .hostile("ok", ", jobs: 1")
            .replace("identifier: ", &format!("identifier: n{number}-"))
    };
    let sources: Vec<String> = (0..sources).map(source).collect();
    world.write_config(&world.config(&sources));
    let output = within(mebibytes, &world)
        .args(["scan", "--format", "json"])
        .output()
        .unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    let result: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {log}"));
    let sources = result["sources"].as_array().unwrap();
    (
        sources
            .iter()
            .map(|source| format!("{} {}", source["outcome"], source["error"]))
            .collect(),
        log,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sources_are_scanned_within_a_limited_address_space() {
    for (mebibytes, sources) in [(1024, 12), (3 * 1024, 1), (12 * 1024, 6)] {
        let (ended, log) = scanned_within(mebibytes, sources).await;
        assert_eq!(
            ended,
            vec!["\"complete\" null"; sources],
            "{mebibytes} MiB: {log}"
        );
        assert!(
            log.contains("the address space is limited"),
            "{mebibytes} MiB: {log}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lack_of_memory_is_not_blamed_on_the_adapter() {
    // The limit at which the adapter fails depends on the machine, and so does the operation that
    // fails.
    const NO_MEMORY: [&str; 5] = [
        "failed to spawn thread",
        "memory allocation of",
        "Cannot allocate memory",
        // A thread of the compiler has no room for its stack.
        "Resource temporarily unavailable",
        "this machine has no memory left",
    ];
    for (mebibytes, is_enough) in [(112, false), (144, false), (192, false), (1024, true)] {
        let world = World::new().await;
        world.write_config(&world.config(&[world.hostile("ok", ", jobs: 1")]));
        let output = within(mebibytes, &world).arg("check").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);

        // Either the check passes, or it reports a lack of memory. Rust itself exits with 101 or
        // SIGABRT if memory runs out.
        let code = output.status.code();
        let found_all = code == Some(0) && told.contains("adapter hostile");
        let lacks_memory = matches!(code, Some(1 | 101) | None)
            && NO_MEMORY.iter().any(|words| told.contains(words));
        assert!(
            found_all || (!is_enough && lacks_memory),
            "{mebibytes} MiB: {:?}: {told}",
            output.status
        );
        for blame in [
            "cannot be used as an adapter",
            "trapped",
            "is damaged",
            "has a fault",
        ] {
            assert!(!told.contains(blame), "{mebibytes} MiB: {told}");
        }
    }
}
