//! The corpus of the fuzz targets as an ordinary test. It keeps the inputs that fuzzing found once
//! from failing again, and CI needs no nightly toolchain for it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use job_scanner_fuzz_properties::TARGETS;

#[test]
fn every_input_of_the_corpus_has_the_properties() {
    for target in TARGETS {
        for file in files(&fuzz().join("corpus").join(target.name)) {
            let input = fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(
                catch_unwind(|| (target.check)(&input)).is_ok(),
                "{} violates a property",
                file.display()
            );
        }
    }
}

#[test]
fn targets_corpora_and_programs_have_the_same_names() {
    let names: BTreeSet<String> = TARGETS
        .iter()
        .map(|target| target.name.to_owned())
        .collect();
    assert_eq!(stems(&fuzz().join("corpus")), names);
    assert_eq!(stems(&fuzz().join("fuzz_targets")), names);
    for name in names {
        assert!(
            !files(&fuzz().join("corpus").join(&name)).is_empty(),
            "{name}"
        );
    }
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn stems(folder: &Path) -> BTreeSet<String> {
    files(folder)
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}
