//! The memory of the daemon between two runs.

use std::fs;

use crate::process::Daemon;
use crate::support::World;

/// The number of scans that run at the same time.
const SCANS: usize = 8;
/// The memory that each of them takes, in MiB.
const LIMIT: usize = 24;

/// Returns the memory of a process that is not in files, in MiB.
fn anonymous(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kib.parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_of_guests_is_given_back_after_a_run() {
    let world = World::new().await;
    let sources: Vec<String> = (0..SCANS)
        .map(|number| {
            world
                .hostile("grow", "")
                .replace("identifier: ", &format!("identifier: n{number}-"))
        })
        .collect();
    let limited = format!("{{dir: adapters, limits: {{hostile: {{memory: {LIMIT}MiB}}}}}}");
    let config = world.config(&sources);
    world.write_config(&config.replace("{dir: adapters}", &limited));

    let mut daemon = Daemon::start(world.program());
    for _ in 0..SCANS {
        let failed = daemon.says("event=source.failed");
        assert!(failed.contains("out-of-memory"), "{failed}");
    }
    daemon.says("event=scheduler.next_run");

    let left = anonymous(daemon.id());
    assert!(left < 20, "{left} MiB of {}", SCANS * LIMIT);
}

/// Returns the value of a variable of a process, as the process started with it.
fn variable(process: u32, name: &str) -> Option<String> {
    let environment = fs::read_to_string(format!("/proc/{process}/environ")).unwrap();
    let values = environment.split('\0').filter_map(|it| it.split_once('='));
    values
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
        .next()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_scans_has_two_heaps_unless_the_operator_chose_a_number() {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    for (chosen, expected) in [(None, "2"), (Some("5"), "5")] {
        let mut program = world.program();
        program.args(["--log-level", "info"]);
        program.envs(chosen.map(|heaps| ("MALLOC_ARENA_MAX", heaps)));
        let mut daemon = Daemon::start(program);
        daemon.says("event=scheduler.next_run");

        let process = daemon.id();
        let file = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).unwrap();
        assert_eq!(
            variable(process, "MALLOC_ARENA_MAX").as_deref(),
            Some(expected)
        );
        assert_eq!(file("comm"), "job-scanner\n");
        assert!(file("cmdline").ends_with("\0--log-level\0info\0"));
    }
}
