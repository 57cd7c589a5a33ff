//! `source add`: addresses to files in `sources.d`, which the next scan reads.

use std::fs;
use std::process::{Output, Stdio};

use crate::command_line::{job_scanner, text};
use crate::support::World;

/// Returns a world with a configuration that has one source.
async fn world() -> World {
    let world = World::new().await;
    world.write_config(&world.config(&["{type: gem, identifier: own}".to_owned()]));
    world
}

/// Returns the names of the files in `sources.d`, sorted.
fn files(world: &World) -> Vec<String> {
    let Ok(entries) = fs::read_dir(world.folder().join("sources.d")) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn add(world: &World, addresses: &[&str]) -> Output {
    job_scanner(world, &[&["source", "add"], addresses].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn new_sources_are_written_and_known_ones_are_named() {
    let world = world().await;
    let addresses = [
        "https://jobs.eu.lever.co/umbra/1/apply",
        "https://jobs.eu.lever.co/umbra/2",
        "https://jobs.gem.com/own",
        "https://jobs.ashbyhq.com/Penumbra%20%26%20Co/8",
    ];
    let added = add(&world, &addresses);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let said = text(&added.stdout);
    for part in [
        "wrote `sources.d/lever-umbra.yaml`: lever/umbra (Umbra)\n",
        "wrote `sources.d/ashby-penumbra-co.yaml`: ashby/Penumbra & Co (Penumbra & Co)\n",
        "gem/own is already in `config.yaml`, line 2\n",
        "added 2 sources; ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(
        files(&world),
        ["ashby-penumbra-co.yaml", "lever-umbra.yaml"]
    );

    let text_of = |file: &str| fs::read_to_string(world.folder().join("sources.d").join(file));
    assert_eq!(
        text_of("lever-umbra.yaml").unwrap(),
        "sources:\n  - {name: Umbra, type: lever, identifier: umbra, options: {region: \"eu\"}}\n"
    );
    let listed = job_scanner(&world, &["sources", "--format", "json"]);
    let listed = text(&listed.stdout);
    assert!(listed.contains("\"lever/umbra\""), "{listed}");

    let again = add(&world, &addresses);
    assert_eq!(again.status.code(), Some(0));
    let said = text(&again.stdout);
    let known = "lever/umbra is already in `sources.d/lever-umbra.yaml`, line 2\n";
    assert!(said.contains(known) && !said.contains("wrote"), "{said}");
    assert_eq!(files(&world).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_address_is_reported_and_the_others_are_added() {
    let world = world().await;
    let addresses = [
        "https://umbra.example/careers",
        "https://jobs.lever.co/",
        "ftp://umbra.example/jobs",
        "https://jobs.lever.co/umbra",
    ];
    let added = add(&world, &addresses);
    assert_eq!(added.status.code(), Some(1));
    assert_eq!(files(&world), ["lever-umbra.yaml"]);
    let warned = text(&added.stderr);
    for address in &addresses[..3] {
        let line = format!("`{address}` is not recognized: ");
        assert!(warned.contains(&line), "{line}: {warned}");
    }
    assert!(text(&added.stdout).contains("added 1 source; "));

    let none = add(&world, &addresses[..1]);
    assert_eq!(
        (none.status.code(), text(&none.stdout).as_str()),
        (Some(1), "")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_the_program_would_refuse_is_not_written() {
    let world = world().await;
    // The operator takes the acceptance of one adapter back, and removes another.
    fs::remove_file(world.folder().join("adapters/ashby.wasm")).unwrap();
    let lock = world.folder().join("adapters/adapters.lock");
    let accepted = fs::read_to_string(&lock).unwrap();
    let without_lever = accepted.replace("lever", "other");
    fs::write(&lock, without_lever).unwrap();

    let added = add(
        &world,
        &[
            "jobs.lever.co/umbra",
            "jobs.ashbyhq.com/umbra",
            "jobs.gem.com/umbra",
        ],
    );
    assert_eq!(added.status.code(), Some(1));
    assert_eq!(files(&world), ["gem-umbra.yaml"]);
    let warned = text(&added.stderr);
    for part in [
        "`lever/umbra` is not added: ",
        "adapter accept",
        "`ashby/umbra` is not added: no adapter `ashby` is installed",
    ] {
        assert!(warned.contains(part), "{part}: {warned}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_is_reported_and_nothing_is_written() {
    let world = world().await;
    fs::create_dir(world.folder().join("sources.d")).unwrap();
    fs::write(
        world.folder().join("sources.d/own.yaml"),
        "sources: [{type: gem}]\n",
    )
    .unwrap();
    let added = add(&world, &["jobs.lever.co/umbra"]);
    assert_eq!(added.status.code(), Some(2));
    let warned = text(&added.stderr);
    assert!(
        warned.contains("sources.d/own.yaml:1:11: sources[0].identifier: "),
        "{warned}"
    );
    assert_eq!(files(&world), ["own.yaml"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_processes_that_add_one_source_at_once_one_writes_it() {
    let world = world().await;
    let start = || {
        let mut program = world.program();
        let program = program.args(["source", "add", "jobs.gem.com/umbra", "jobs.gem.com/own-2"]);
        program.stdout(Stdio::piped()).spawn().unwrap()
    };
    let processes: Vec<_> = (0..4).map(|_| start()).collect();
    let mut said = String::new();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        said += &text(&output.stdout);
    }
    assert_eq!(files(&world), ["gem-own-2.yaml", "gem-umbra.yaml"]);
    assert_eq!(said.matches("wrote").count(), 2, "{said}");
    assert_eq!(said.matches("is already in").count(), 6, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_file_is_never_replaced() {
    let world = world().await;
    let folder = world.folder().join("sources.d");
    fs::create_dir(&folder).unwrap();
    let own = "sources: [{type: lever, identifier: mine}]\n";
    fs::write(folder.join("gem-umbra.yaml"), own).unwrap();
    let added = add(&world, &["jobs.gem.com/umbra"]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    assert_eq!(files(&world), ["gem-umbra-2.yaml", "gem-umbra.yaml"]);
    assert_eq!(
        fs::read_to_string(folder.join("gem-umbra.yaml")).unwrap(),
        own
    );
}
