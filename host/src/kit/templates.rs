//! The projects that `adapter new` creates: the examples of this repository, file by file.

use crate::kit::new::{Language, Template};

/// A file of a project: its path and its contents.
pub(super) type TemplateFile = (&'static str, &'static str);

/// The contract, which is in every project.
const CONTRACT: TemplateFile = (
    "wit/source.wit",
    include_str!("../../../wit/source-0.1/source.wit"),
);

/// A file of the examples: its path in the project, and the folder of the example.
macro_rules! file {
    ($example:literal, $path:literal) => {
        (
            $path,
            include_str!(concat!("../../../examples/adapters/", $example, "/", $path)),
        )
    };
}

/// Returns the files of a project.
pub(super) fn files(language: Language, template: Template) -> impl Iterator<Item = TemplateFile> {
    let own = match template {
        Template::Small => small(language),
        Template::Full => full(language),
    };
    [CONTRACT]
        .into_iter()
        .chain(cassettes(template).iter().chain(own).copied())
}

/// Returns the recorded responses of the board that the adapter reads.
fn cassettes(template: Template) -> &'static [TemplateFile] {
    match template {
        Template::Small => &[
            file!("small", "cassettes/board/cassette.json"),
            file!("small", "cassettes/board/openings.json"),
            file!("small", "cassettes/empty/cassette.json"),
            file!("small", "cassettes/no-such-board/cassette.json"),
            file!("small", "cassettes/odd-jobs/cassette.json"),
        ],
        Template::Full => &[
            file!(".", "cassettes/board/cassette.json"),
            file!(".", "cassettes/board/page-1.json"),
            file!(".", "cassettes/board/page-2.json"),
            file!(".", "cassettes/no-such-board/cassette.json"),
            file!(".", "cassettes/odd-jobs/cassette.json"),
        ],
    }
}

/// Returns the additional files of a language's small project.
fn small(language: Language) -> &'static [TemplateFile] {
    match language {
        Language::Rust => &[
            file!("small/rust", ".cargo/config.toml"),
            file!("small/rust", ".gitignore"),
            file!("small/rust", "Cargo.lock"),
            file!("small/rust", "Cargo.toml"),
            file!("small/rust", "README.md"),
            file!("small/rust", "build.sh"),
            file!("small/rust", "manifest.json"),
            file!("small/rust", "src/lib.rs"),
            file!("small/rust", "src/panics.rs"),
            file!("small/rust", "src/web.rs"),
        ],
        Language::JavaScript => &[
            file!("small/javascript", ".gitignore"),
            file!("small/javascript", "README.md"),
            file!("small/javascript", "build.sh"),
            file!("small/javascript", "package.json"),
            file!("small/javascript", "src/adapter.js"),
            file!("small/javascript", "src/contract.js"),
            file!("small/javascript", "src/http.js"),
            file!("small/javascript", "src/main.js"),
            file!("small/javascript", "src/manifest.js"),
        ],
        Language::Python => &[
            file!("small/python", ".gitignore"),
            file!("small/python", "README.md"),
            file!("small/python", "build.sh"),
            file!("small/python", "requirements.txt"),
            file!("small/python", "src/adapter.py"),
            file!("small/python", "src/contract.py"),
            file!("small/python", "src/main.py"),
            file!("small/python", "src/manifest.json"),
            file!("small/python", "src/web.py"),
        ],
        Language::C => &[
            file!("small/c", ".gitignore"),
            file!("small/c", "README.md"),
            file!("small/c", "bindings/source_adapter.c"),
            file!("small/c", "bindings/source_adapter.h"),
            file!("small/c", "build.sh"),
            file!("small/c", "manifest.json"),
            file!("small/c", "src/adapter.c"),
            file!("small/c", "src/contract.h"),
            file!("small/c", "src/json.c"),
            file!("small/c", "src/json.h"),
            file!("small/c", "src/main.c"),
            file!("small/c", "src/memory.c"),
            file!("small/c", "src/text.c"),
            file!("small/c", "src/text.h"),
            file!("small/c", "src/web.c"),
            file!("small/c", "src/web.h"),
        ],
        Language::Go => &[
            file!("small/go", ".gitignore"),
            file!("small/go", "README.md"),
            file!("small/go", "build.sh"),
            file!("small/go", "export_job_scanner_source_adapter/adapter.go"),
            file!("small/go", "export_job_scanner_source_adapter/contract.go"),
            file!(
                "small/go",
                "export_job_scanner_source_adapter/manifest.json"
            ),
            file!("small/go", "export_job_scanner_source_adapter/web.go"),
            file!("small/go", "go.mod"),
            file!("small/go", "job_scanner_source_adapter/empty.s"),
            file!("small/go", "job_scanner_source_adapter/wit_bindings.go"),
            file!("small/go", "job_scanner_source_http/empty.s"),
            file!("small/go", "job_scanner_source_http/wit_bindings.go"),
            file!("small/go", "job_scanner_source_log/empty.s"),
            file!("small/go", "job_scanner_source_log/wit_bindings.go"),
            file!("small/go", "job_scanner_source_types/empty.s"),
            file!("small/go", "job_scanner_source_types/wit_bindings.go"),
            file!("small/go", "wasi-stub.wat"),
            file!("small/go", "wit_exports.go"),
        ],
    }
}

/// Returns the additional files of a language's full project.
fn full(language: Language) -> &'static [TemplateFile] {
    match language {
        Language::Rust => &[
            file!("rust", ".cargo/config.toml"),
            file!("rust", ".gitignore"),
            file!("rust", "Cargo.lock"),
            file!("rust", "Cargo.toml"),
            file!("rust", "README.md"),
            file!("rust", "build.sh"),
            file!("rust", "manifest.json"),
            file!("rust", "src/board.rs"),
            file!("rust", "src/lib.rs"),
            file!("rust", "src/panics.rs"),
            file!("rust", "src/web.rs"),
        ],
        Language::JavaScript => &[
            file!("javascript", ".gitignore"),
            file!("javascript", "README.md"),
            file!("javascript", "build.sh"),
            file!("javascript", "package.json"),
            file!("javascript", "src/adapter.js"),
            file!("javascript", "src/board.js"),
            file!("javascript", "src/contract.js"),
            file!("javascript", "src/http.js"),
            file!("javascript", "src/main.js"),
            file!("javascript", "src/manifest.js"),
        ],
        Language::Python => &[
            file!("python", ".gitignore"),
            file!("python", "README.md"),
            file!("python", "build.sh"),
            file!("python", "requirements.txt"),
            file!("python", "src/adapter.py"),
            file!("python", "src/board.py"),
            file!("python", "src/contract.py"),
            file!("python", "src/main.py"),
            file!("python", "src/manifest.json"),
            file!("python", "src/web.py"),
        ],
        Language::C => &[
            file!("c", ".gitignore"),
            file!("c", "README.md"),
            file!("c", "bindings/source_adapter.c"),
            file!("c", "bindings/source_adapter.h"),
            file!("c", "build.sh"),
            file!("c", "manifest.json"),
            file!("c", "src/adapter.c"),
            file!("c", "src/board.c"),
            file!("c", "src/board.h"),
            file!("c", "src/contract.h"),
            file!("c", "src/json.c"),
            file!("c", "src/json.h"),
            file!("c", "src/main.c"),
            file!("c", "src/memory.c"),
            file!("c", "src/text.c"),
            file!("c", "src/text.h"),
            file!("c", "src/web.c"),
            file!("c", "src/web.h"),
        ],
        Language::Go => &[
            file!("go", ".gitignore"),
            file!("go", "README.md"),
            file!("go", "build.sh"),
            file!("go", "export_job_scanner_source_adapter/adapter.go"),
            file!("go", "export_job_scanner_source_adapter/board.go"),
            file!("go", "export_job_scanner_source_adapter/contract.go"),
            file!("go", "export_job_scanner_source_adapter/manifest.json"),
            file!("go", "export_job_scanner_source_adapter/web.go"),
            file!("go", "go.mod"),
            file!("go", "job_scanner_source_adapter/empty.s"),
            file!("go", "job_scanner_source_adapter/wit_bindings.go"),
            file!("go", "job_scanner_source_http/empty.s"),
            file!("go", "job_scanner_source_http/wit_bindings.go"),
            file!("go", "job_scanner_source_log/empty.s"),
            file!("go", "job_scanner_source_log/wit_bindings.go"),
            file!("go", "job_scanner_source_types/empty.s"),
            file!("go", "job_scanner_source_types/wit_bindings.go"),
            file!("go", "wasi-stub.wat"),
            file!("go", "wit_exports.go"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use job_scanner_core::key::AdapterName;

    use crate::kit::new::{Language, Template, write_project};

    /// Makes a program that prints one line, and records that it ran.
    fn program(folder: &Path, name: &str, line: &str) {
        use std::os::unix::fs::PermissionsExt as _;

        let path = folder.join(name);
        let script = format!("#!/bin/sh\n: >\"$0.ran\"\necho '{line}'\n");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Builds a Rust project on a machine with only the programs of a folder, which fails, and
    /// returns the last lines of the output.
    fn output_with_only(programs: &Path) -> String {
        let folder = tempfile::tempdir().unwrap();
        let name = AdapterName::new("acme").unwrap();
        write_project(&name, Language::Rust, Template::Small, folder.path()).unwrap();
        let built = Command::new("/bin/sh")
            .arg(folder.path().join("build.sh"))
            .env_clear()
            .env("PATH", programs)
            .output()
            .unwrap();
        assert!(!built.status.success());
        String::from_utf8(built.stderr).unwrap()
    }

    /// Returns a folder with the programs that every machine has.
    fn bare_machine() -> tempfile::TempDir {
        let programs = tempfile::tempdir().unwrap();
        for name in ["dirname", "sed"] {
            let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(name));
            let found = found.iter().find(|path| path.exists()).unwrap();
            std::os::unix::fs::symlink(found, programs.path().join(name)).unwrap();
        }
        programs
    }

    #[test]
    fn the_rust_build_says_that_rust_is_missing() {
        let said = output_with_only(bare_machine().path());
        assert!(
            said.contains("cargo is missing: install Rust with rustup (https://rustup.rs)"),
            "{said}"
        );
    }

    #[test]
    fn the_rust_build_says_how_to_get_the_target_and_installs_nothing() {
        let machine = bare_machine();
        program(machine.path(), "cargo", "");
        program(
            machine.path(),
            "rustc",
            "/nowhere/wasm32-unknown-unknown/lib",
        );
        let said = output_with_only(machine.path());
        assert!(said.contains("installed without rustup"), "{said}");

        program(machine.path(), "rustup", "");
        let said = output_with_only(machine.path());
        let advice = "run `rustup target add wasm32-unknown-unknown` and build again";
        assert!(said.contains(advice), "{said}");
        assert!(!machine.path().join("rustup.ran").exists());
        assert!(!machine.path().join("cargo.ran").exists());
    }

    #[test]
    fn the_rust_build_says_that_the_linker_is_missing() {
        let machine = bare_machine();
        program(machine.path(), "cargo", "");
        // The folder of the target exists.
        program(machine.path(), "rustc", "/");
        let said = output_with_only(machine.path());
        assert!(
            said.contains("the linker wasm-component-ld is missing"),
            "{said}"
        );
    }
}
