//! The project's crates and their dependencies, as Cargo reports them, and the arrows between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde::Deserialize;

use crate::layout;

/// A crate of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The full name, such as `job-scanner-store`.
    pub name: String,
    /// The folder, from the root of the project.
    pub folder: String,
    /// The root files of the library and the programs.
    pub roots: Vec<String>,
    /// All dependencies, including those of tests and build scripts.
    pub dependencies: Vec<Dependency>,
}

/// A dependency in the manifest of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    pub name: String,
    /// True for a crate of the project.
    pub ours: bool,
    /// True if it is built only for tests and benchmarks.
    pub for_tests: bool,
}

/// Returns the crates of the workspace at `root`.
///
/// # Errors
///
/// Cargo cannot read a manifest.
pub fn of_workspace(root: &Path) -> anyhow::Result<Vec<Package>> {
    // Cargo sets this variable for the programs that it runs.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "cargo metadata failed: {stderr}");
    parse(&output.stdout)
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<RawPackage>,
    workspace_root: String,
}

#[derive(Debug, Deserialize)]
struct RawPackage {
    name: String,
    manifest_path: String,
    dependencies: Vec<RawDependency>,
    targets: Vec<RawTarget>,
}

#[derive(Debug, Deserialize)]
struct RawDependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RawTarget {
    kind: Vec<String>,
    src_path: String,
}

/// Parses the output of `cargo metadata`.
fn parse(json: &[u8]) -> anyhow::Result<Vec<Package>> {
    let metadata: Metadata =
        serde_json::from_slice(json).context("cannot parse the output of cargo metadata")?;
    let from_root = |path: &str| {
        let inside = path.strip_prefix(&metadata.workspace_root).unwrap_or(path);
        inside.trim_start_matches('/').to_owned()
    };

    let package = |raw: &RawPackage| Package {
        name: raw.name.clone(),
        folder: from_root(raw.manifest_path.trim_end_matches("/Cargo.toml")),
        roots: raw
            .targets
            .iter()
            .filter(|target| {
                target
                    .kind
                    .iter()
                    .any(|kind| kind == "lib" || kind == "bin")
            })
            .map(|target| from_root(&target.src_path))
            .collect(),
        dependencies: raw
            .dependencies
            .iter()
            .map(|dependency| Dependency {
                name: dependency.name.clone(),
                ours: dependency.path.is_some(),
                for_tests: dependency.kind.as_deref() == Some("dev"),
            })
            .collect(),
    };
    Ok(metadata.packages.iter().map(package).collect())
}

/// Finds the dependencies between crates of the project that `allowed` does not list. Those of
/// tests are not restricted.
pub fn outside_table(packages: &[Package], allowed: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        let Package { name, folder, .. } = package;
        let Some((_, lower)) = allowed.iter().find(|(known, _)| *known == short(name)) else {
            found.push(format!(
                "{folder}/Cargo.toml: the crate `{name}` is not in the table CRATES of \
                 dev/structure/src/layout.rs: add a line with the crates that it may depend on, and \
                 draw it in ARCHITECTURE.md"
            ));
            continue;
        };

        let lower: BTreeSet<&str> = lower.split_whitespace().collect();
        let used = package.dependencies.iter();
        for used in used.filter(|used| used.ours && !used.for_tests) {
            if !lower.contains(short(&used.name)) {
                found.push(format!(
                    "{folder}/Cargo.toml: `{name}` may not depend on `{}`: move the shared items \
                     into a crate below both, or let a crate above both pass them in (CRATES in \
                     dev/structure/src/layout.rs has the allowed dependencies)",
                    used.name
                ));
            }
        }
    }
    found
}

/// Returns the name of a crate without the prefix, as in the tables of the layout.
fn short(name: &str) -> &str {
    name.strip_prefix(layout::PREFIX).unwrap_or(name)
}

/// Finds those of `crates` whose tests would build a dependency whose name begins with `engine`,
/// each with the shortest path to it. Crates that do not exist are ignored.
pub fn tests_that_build(engine: &str, crates: &[&str], packages: &[Package]) -> Vec<String> {
    let known: BTreeMap<&str, &Package> = packages
        .iter()
        .map(|package| (package.name.as_str(), package))
        .collect();

    packages
        .iter()
        .filter(|package| crates.contains(&short(&package.name)))
        .filter_map(|package| way_to(engine, package, &known))
        .map(|way| {
            format!(
                "{}: the tests of `{}` have to build without the engine: remove one of these \
                 dependencies, and move the items that are needed into a crate below both",
                way.join(" → "),
                way[0]
            )
        })
        .collect()
}

/// Finds the shortest path from the tests of `start` to a crate whose name begins with `engine`.
fn way_to<'p>(
    engine: &str,
    start: &'p Package,
    known: &BTreeMap<&str, &'p Package>,
) -> Option<Vec<&'p str>> {
    let mut seen = BTreeSet::new();
    let mut ways = VecDeque::from([(start, vec![start.name.as_str()])]);
    while let Some((package, way)) = ways.pop_front() {
        // The tests of a dependency are not built.
        let built = package
            .dependencies
            .iter()
            .filter(|used| !used.for_tests || package.name == start.name);
        for used in built {
            let mut longer = way.clone();
            longer.push(&used.name);
            if used.name.starts_with(engine) {
                return Some(longer);
            }
            if let Some(next) = known.get(used.name.as_str()).filter(|_| used.ours)
                && seen.insert(&used.name)
            {
                ways.push_back((next, longer));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a crate with these dependencies. Those with `+` are for tests, and those without
    /// `job-scanner` in their name are not crates of the project.
    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependency = |written: &&str| Dependency {
            name: written.trim_start_matches('+').to_owned(),
            ours: written.contains("job-scanner"),
            for_tests: written.starts_with('+'),
        };
        Package {
            name: name.to_owned(),
            folder: format!("host/{name}"),
            roots: Vec::new(),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn the_output_of_cargo_is_parsed_with_paths_from_the_root() {
        let json = br#"{
            "workspace_root": "/project",
            "packages": [{
                "name": "job-scanner-store",
                "manifest_path": "/project/host/store/Cargo.toml",
                "dependencies": [
                    {"name": "sqlx", "kind": null},
                    {"name": "job-scanner-core", "kind": null, "path": "/project/host/core"},
                    {"name": "tempfile", "kind": "dev"}
                ],
                "targets": [
                    {"kind": ["lib"], "src_path": "/project/host/store/src/lib.rs"},
                    {"kind": ["test"], "src_path": "/project/host/store/tests/all.rs"}
                ]
            }]
        }"#;

        let expected = Package {
            name: "job-scanner-store".to_owned(),
            folder: "host/store".to_owned(),
            roots: vec!["host/store/src/lib.rs".to_owned()],
            dependencies: package("", &["sqlx", "job-scanner-core", "+tempfile"]).dependencies,
        };
        assert_eq!(parse(json).unwrap(), [expected]);
    }

    #[test]
    fn only_dependencies_in_the_table_are_allowed() {
        let allowed = &[("core", ""), ("store", "files core")];
        let core = package("job-scanner-core", &["serde"]);
        let good = package(
            "job-scanner-store",
            &["job-scanner-core", "+job-scanner-sandbox"],
        );
        let bad = package("job-scanner-store", &["job-scanner-sandbox"]);

        assert!(outside_table(&[core.clone(), good], allowed).is_empty());
        let found = outside_table(&[core, bad], allowed);
        assert_eq!(found.len(), 1);
        let expected = "`job-scanner-store` may not depend on `job-scanner-sandbox`";
        assert!(found[0].contains(expected), "{}", found[0]);
    }

    #[test]
    fn a_crate_that_is_not_in_the_table_is_a_finding() {
        let found = outside_table(&[package("job-scanner-web", &[])], &[]);

        assert!(
            found[0].contains("`job-scanner-web` is not in the table"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn an_engine_of_a_dependency_is_found_with_the_path_to_it() {
        let packages = [
            package(
                "job-scanner-notify",
                &["job-scanner-core", "+job-scanner-kit"],
            ),
            package("job-scanner-kit", &["job-scanner-sandbox"]),
            package("job-scanner-sandbox", &["wasmtime-wasi"]),
            package("job-scanner-core", &["serde"]),
        ];

        let found = tests_that_build("wasmtime", &["notify"], &packages);

        let way = "job-scanner-notify → job-scanner-kit → job-scanner-sandbox → wasmtime-wasi:";
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(way), "{}", found[0]);
    }

    #[test]
    fn an_engine_for_tests_of_dependencies_is_allowed() {
        let packages = [
            package("job-scanner-notify", &["job-scanner-store"]),
            package("job-scanner-store", &["+wasmtime"]),
        ];

        assert!(tests_that_build("wasmtime", &["notify"], &packages).is_empty());
        assert!(!tests_that_build("wasmtime", &["store"], &packages).is_empty());
        assert!(tests_that_build("wasmtime", &["config"], &packages).is_empty());
    }
}
