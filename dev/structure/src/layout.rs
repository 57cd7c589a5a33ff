//! The layout of the project. A change here is a change of the architecture, and belongs into
//! `ARCHITECTURE.md`, too.

/// The folder of the host's crates, from the root of the project.
pub const HOST: &str = "host";

/// The number of files that may name each other in a circle. Two such files are often one idea that
/// was split. Three have no order in which they can be read.
pub const LARGEST_CIRCLE: usize = 2;

/// The number of Rust files that one folder may have. With more, a reader loses the overview.
pub const LARGEST_FOLDER: usize = 15;

/// The beginning of the names of the project's crates, which the tables below omit.
pub const PREFIX: &str = "job-scanner-";

/// The crates of the host, each with those that it may depend on. Dependencies of tests are not
/// restricted.
///
/// Data flows one way: the program, `web` → `pipeline` → `sandbox`, `store`, `notify` → `core`.
pub const CRATES: &[(&str, &str)] = &[
    ("core", ""),
    ("files", "core"),
    ("config", "core files"),
    ("outbound", "core"),
    ("sandbox", "core files outbound"),
    ("row-derive", ""),
    ("store", "core files row-derive"),
    ("notify", "core files config outbound store"),
    (
        "pipeline",
        "core files config outbound sandbox store notify",
    ),
    ("views", "core store"),
    ("web", "core files config store notify pipeline views"),
    (
        "job-scanner",
        "core files config outbound sandbox store notify pipeline views web",
    ),
];

/// The crates whose tests have to build without the WebAssembly engine, which takes minutes.
pub const WITHOUT_ENGINE: &[&str] = &["core", "config", "store", "notify"];

/// The beginning of the names of the engine's own crates.
pub const ENGINE: &str = "wasmtime";

/// The upper layers of the program's own modules in `host/src`, from the top.
///
/// A module never names one of a higher layer. The modules of the top layer assemble the program
/// and may name all others. Those of the other listed layers do not name their neighbours. All
/// modules that are not listed are below these layers.
pub const LAYERS: &[&[&str]] = &[&["cli", "startup"], &["kit", "scheduler"]];

/// The crates, besides those of [`HOST`], in which no two types may share a name.
pub const WITH_OWN_TYPE_NAMES: &[&str] = &["adapters/sdk"];

/// The names that several types of one crate may have.
pub const SHARED_TYPE_NAMES: &[&str] = &[
    "Options", // each command and each adapter has its own
    // Each contract line has its own, and `lines.rs` has an enum of them.
    "Instance", "Prepared",
];

/// The documents whose paths are checked.
pub const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "docs/decisions/README.md",
    "docs/decisions/closing-guards.md",
    "docs/decisions/components-rather-than-modules.md",
    "docs/decisions/deferred-details.md",
    "docs/decisions/generation-fence.md",
    "docs/decisions/match-and-alert-in-one-transaction.md",
    "docs/decisions/no-mocks.md",
    "docs/decisions/one-way-crates.md",
    "docs/decisions/own-configuration-reader.md",
    "docs/decisions/postgresql.md",
    "docs/decisions/secrets-as-templates.md",
    "docs/decisions/serde-saphyr.md",
    "docs/decisions/sql-at-run-time.md",
    "docs/decisions/synchronous-contract.md",
    "docs/decisions/text-times-in-sql.md",
    "docs/releasing.md",
    "docs/security.md",
    "docs/walkthrough.md",
];
