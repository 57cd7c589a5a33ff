//! Embeds the rules by which `adapter detect` tells an address, which lie beside each adapter.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Writes `detect_files.rs`: all adapters by name, each with the text of its `detect.json`.
fn main() {
    // The members of that workspace: a new adapter is one more of them. The folder itself is not
    // watched, for it has what is built of the adapters, too.
    println!("cargo:rerun-if-changed=../adapters/Cargo.toml");

    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let adapters = adapter_folders(&Path::new(&package).join("../adapters"));
    let entries: Vec<String> = adapters.iter().map(|folder| entry(folder)).collect();

    let out = env::var("OUT_DIR").expect("cargo names a folder for what is generated");
    let list = format!("[\n{}]\n", entries.concat());
    fs::write(Path::new(&out).join("detect_files.rs"), list).expect("the folder can be written");
}

/// The line of one adapter.
fn entry(folder: &Path) -> String {
    let file = folder.join("detect.json");
    assert!(
        file.is_file(),
        "{} is missing: an adapter that no address tells has the list [] in it",
        file.display()
    );
    println!("cargo:rerun-if-changed={}", file.display());

    let name = folder.file_name().expect("an adapter's folder has a name");
    let name = name.to_str().expect("the name is that of a package");
    let file = file.to_str().expect("the checkout's path is UTF-8");
    format!("    ({name:?}, include_str!({file:?})),\n")
}

/// The folders that have an adapter's manifest in them, by name.
fn adapter_folders(adapters: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(adapters).expect("the adapters lie beside the host");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|folder| folder.join("manifest.json").is_file())
        .collect();
    folders.sort();
    folders
}
