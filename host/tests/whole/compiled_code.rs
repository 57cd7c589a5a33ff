//! Compiled adapters between starts: damaged code, code of other adapters, and cache folders that
//! other users can write to.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::World;

/// Returns a world with a separate cache.
async fn world() -> (World, PathBuf) {
    let world = World::new().await;
    world.write_config(&world.config(&[world.hostile("ok", ", jobs: 1")]));
    let cache = world.folder().join("cache");
    (world, cache)
}

/// Returns the outcome of the source's scan, and the log.
fn scanned(world: &World, cache: &Path) -> (String, String) {
    let output = world
        .program()
        .env("XDG_CACHE_HOME", cache)
        .args(["scan", "--format", "json"])
        .output()
        .unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    let result: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {log}"));
    (
        result["sources"][0]["outcome"].as_str().unwrap().to_owned(),
        log,
    )
}

/// Returns the files of compiled code in a cache.
fn code_in(cache: &Path) -> Vec<PathBuf> {
    let mut folders = vec![cache.join("job-scanner/adapters/code")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_none() {
                found.push(entry);
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_code_is_compiled_again_and_never_run() {
    let (world, cache) = world().await;
    assert_eq!(scanned(&world, &cache).0, "complete");
    let [code] = &code_in(&cache)[..] else {
        panic!("{:?}", code_in(&cache))
    };
    let whole = fs::read(code).unwrap();
    assert_eq!(scanned(&world, &cache).0, "complete");

    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let damages = [
        flipped,
        whole[..whole.len() / 2].to_vec(),
        Vec::new(),
        vec![0; whole.len()],
    ];
    for damaged in damages {
        fs::write(code, &damaged).unwrap();
        let (outcome, log) = scanned(&world, &cache);
        assert_eq!(outcome, "complete", "{log}");
        assert!(log.contains("is damaged; it is compiled again"), "{log}");
        assert_eq!(fs::read(code).unwrap(), whole);
        let (outcome, log) = scanned(&world, &cache);
        assert!(
            outcome == "complete" && !log.contains("damaged"),
            "the new code has a checksum: {log}"
        );
    }

    fs::remove_file(code).unwrap();
    fs::create_dir(code).unwrap();
    fs::write(code.join("within"), "a folder in the place of code").unwrap();
    let (outcome, log) = scanned(&world, &cache);
    assert_eq!(outcome, "complete", "{log}");
    assert_eq!(fs::read(code).unwrap(), whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_of_another_adapter_is_replaced_and_never_run() {
    let (world, cache) = world().await;
    world.write_config(
        &world.config(&[world.hostile("ok", ", jobs: 1"), world.deferred("none", "")]),
    );
    scanned(&world, &cache);
    let [one, other] = &code_in(&cache)[..] else {
        panic!("{:?}", code_in(&cache))
    };
    let (ours, theirs) = (fs::read(one).unwrap(), fs::read(other).unwrap());

    fs::write(one, &theirs).unwrap();
    fs::write(other, &ours).unwrap();
    let (outcome, log) = scanned(&world, &cache);
    assert_eq!(outcome, "complete", "{log}");
    assert_eq!(
        (fs::read(one).unwrap(), fs::read(other).unwrap()),
        (ours, theirs)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn code_and_checksums_without_a_counterpart_are_removed() {
    let (world, cache) = world().await;
    scanned(&world, &cache);
    let checksums = cache.join("job-scanner/adapters/checksums");
    let names = || {
        fs::read_dir(&checksums)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
    };
    let [code] = &code_in(&cache)[..] else {
        panic!()
    };
    let planted = code.with_file_name("planted");
    fs::copy(code, &planted).unwrap();
    fs::write(checksums.join("gone.0"), "").unwrap();
    scanned(&world, &cache);
    assert!(!planted.exists() && code.exists());
    assert_eq!(names().len(), 1);

    // A kill between the writes of code and checksum leaves this state.
    fs::remove_file(&names()[0]).unwrap();
    fs::write(code, "not compiled code").unwrap();
    assert_eq!(scanned(&world, &cache).0, "complete");
    assert_eq!((code_in(&cache).len(), names().len()), (1, 1));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_others_can_write_to_causes_only_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;

    let (world, cache) = world().await;
    for (open, mode) in [
        ("cache", 0o777),
        ("cache/job-scanner", 0o775),
        ("cache/job-scanner/adapters", 0o757),
    ] {
        fs::remove_dir_all(&cache).ok();
        let folder = world.folder().join(open);
        fs::create_dir_all(cache.join("job-scanner/adapters")).unwrap();
        fs::set_permissions(world.folder(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        let (outcome, log) = scanned(&world, &cache);
        assert_eq!(outcome, "complete", "{log}");
        let warning = format!("other users can write in `{}`", folder.display());
        assert!(log.contains(&warning), "{log}");
        assert_eq!(code_in(&cache), Vec::<PathBuf>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_is_not_a_folder_causes_only_a_warning() {
    let (world, cache) = world().await;
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("job-scanner"), "mine").unwrap();
    let (outcome, log) = scanned(&world, &cache);
    assert_eq!(outcome, "complete", "{log}");
    assert!(
        log.contains("adapters are compiled at every start"),
        "{log}"
    );
    assert_eq!(
        fs::read_to_string(cache.join("job-scanner")).unwrap(),
        "mine"
    );
}
