//! The projects that `adapter new` creates: the examples of this repository, file by file.

use crate::kit::new::Language;

/// A file of a project: its path and its contents.
pub(super) type TemplateFile = (&'static str, &'static str);

/// The files of every project: the contract, and responses of the board.
pub(super) const SHARED: [TemplateFile; 6] = [
    (
        "wit/source.wit",
        include_str!("../../../wit/source-0.1/source.wit"),
    ),
    (
        "cassettes/board/cassette.json",
        include_str!("../../../examples/adapters/cassettes/board/cassette.json"),
    ),
    (
        "cassettes/board/page-1.json",
        include_str!("../../../examples/adapters/cassettes/board/page-1.json"),
    ),
    (
        "cassettes/board/page-2.json",
        include_str!("../../../examples/adapters/cassettes/board/page-2.json"),
    ),
    (
        "cassettes/no-such-board/cassette.json",
        include_str!("../../../examples/adapters/cassettes/no-such-board/cassette.json"),
    ),
    (
        "cassettes/odd-jobs/cassette.json",
        include_str!("../../../examples/adapters/cassettes/odd-jobs/cassette.json"),
    ),
];

/// A file of the example in one language.
macro_rules! file {
    ($language:literal, $path:literal) => {
        (
            $path,
            include_str!(concat!(
                "../../../examples/adapters/",
                $language,
                "/",
                $path
            )),
        )
    };
}

/// Returns the additional files of a language's project.
pub(super) fn files(language: Language) -> &'static [TemplateFile] {
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
            file!("rust", "src/web.rs"),
        ],
        Language::JavaScript => &[
            file!("javascript", ".gitignore"),
            file!("javascript", "README.md"),
            file!("javascript", "build.sh"),
            file!("javascript", "package.json"),
            file!("javascript", "src/adapter.js"),
            file!("javascript", "src/board.js"),
            file!("javascript", "src/http.js"),
            file!("javascript", "src/manifest.js"),
        ],
        Language::Python => &[
            file!("python", ".gitignore"),
            file!("python", "README.md"),
            file!("python", "build.sh"),
            file!("python", "requirements.txt"),
            file!("python", "src/adapter.py"),
            file!("python", "src/board.py"),
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
