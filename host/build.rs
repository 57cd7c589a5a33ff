//! Embeds the detection rules of `adapter detect`, which are next to each adapter's manifest.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Writes `detect_files.rs`: the names of all adapters, each with the text of its `detect.json`.
fn main() {
    // A new adapter is a new member of that workspace. The folder itself is not watched, because it
    // also contains build results.
    println!("cargo:rerun-if-changed=../adapters/Cargo.toml");

    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets the folder of the package");
    let adapters = adapter_folders(&Path::new(&package).join("../adapters"));
    let entries: Vec<String> = adapters.iter().map(|folder| entry(folder)).collect();

    let out = env::var("OUT_DIR").expect("cargo sets a folder for generated files");
    let list = format!("[\n{}]\n", entries.concat());
    fs::write(Path::new(&out).join("detect_files.rs"), list).expect("the folder can be written");
}

/// Returns the line of one adapter.
fn entry(folder: &Path) -> String {
    let file = folder.join("detect.json");
    assert!(
        file.is_file(),
        "{} is missing; an adapter that cannot be detected by an address has the list [] there",
        file.display()
    );
    println!("cargo:rerun-if-changed={}", file.display());

    let name = folder.file_name().expect("an adapter's folder has a name");
    let name = name.to_str().expect("the folder is named like its package");
    let file = file.to_str().expect("the checkout's path is UTF-8");
    format!("    ({name:?}, include_str!({file:?})),\n")
}

/// Returns the folders with an adapter's manifest, sorted by name.
fn adapter_folders(adapters: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(adapters).expect("the adapters are next to the host");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|folder| folder.join("manifest.json").is_file())
        .collect();
    folders.sort();
    folders
}
