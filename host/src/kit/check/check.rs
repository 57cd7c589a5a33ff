//! All rules in their order, and the rules about the adapter as a whole.

use std::path::Path;
use std::time::SystemTime;

use job_scanner_sandbox::{Adapter, BudgetUse, Cassette};
use serde_json::Value;

use crate::kit::check::board::Board;
use crate::kit::check::report::{Finding, Findings, RuleResult, failed, skipped};
use crate::kit::check::{hosts, listing, options, responses};
use crate::kit::project::Project;

/// Checks the adapter in a file against all rules. Without a cassette, only the rules that need no
/// recorded responses are checked.
pub async fn check(file: &Path, adapter: &Adapter, cassettes: &[Cassette]) -> Vec<Finding> {
    let mut findings = Findings::default();

    findings.add(
        "built",
        "the file is not older than the source code next to it",
        built(file),
    );
    findings.add(
        "name",
        "the manifest's name is the name of the file",
        name(adapter),
    );
    findings.add(
        "imports",
        "the adapter imports only the contract's interfaces",
        imports(adapter),
    );
    findings.add(
        "examples",
        "each option's default and examples fit the schema",
        options::examples(adapter.manifest()),
    );

    findings.add(
        "required-options",
        "the schema describes each required option",
        options::required_are_described(adapter.manifest()),
    );
    findings.add(
        "recorded-options",
        "the options of each cassette fit the schema",
        options::recorded(adapter.manifest(), cassettes),
    );
    findings.add(
        "hosts",
        "the adapter requests only what its manifest lists, also without a test server",
        hosts::hosts(adapter, cassettes).await,
    );

    let board = Board::of(adapter, cassettes).await;
    listing::check(adapter, &board, cassettes, &mut findings).await;
    responses::check(adapter, &board, &mut findings).await;

    findings.add(
        "budgets",
        "a scan uses less than half of each budget",
        board.scan().and_then(|scan| budgets(scan.budget)),
    );
    findings.0
}

/// A build that failed, or that was forgotten, leaves an older file, whose check would say nothing
/// about the source code.
fn built(file: &Path) -> RuleResult {
    let Some(project) = Project::of_component(file) else {
        return skipped("the folder of the file has no `build.sh`");
    };

    match project.changed_since(file, SystemTime::now()) {
        None => Ok(()),
        Some(source) => failed(format!(
            "`{}` was changed after the file was built; run `job-scanner adapter build`",
            source.display()
        )),
    }
}

/// Sources find the adapter by the name of its file, and the manifest contains the `type` of these
/// sources.
fn name(adapter: &Adapter) -> RuleResult {
    let (file, manifest) = (adapter.name(), &adapter.manifest().name);
    if file == manifest {
        Ok(())
    } else {
        failed(format!(
            "the file is `{file}.wasm`, but the manifest's name is `{manifest}`"
        ))
    }
}

/// Adapters with other imports do not load, except for WASI imports, which are linked to an empty
/// world.
fn imports(adapter: &Adapter) -> RuleResult {
    let imports = adapter.interfaces().imports.iter().map(String::as_str);
    let wasi: Vec<&str> = imports.filter(|name| name.starts_with("wasi:")).collect();
    if wasi.is_empty() {
        return Ok(());
    }

    let note = "they work, linked to a world without files, environment and network; docs/languages.md explains how to avoid them";
    skipped(format!("the adapter imports {}: {note}", wasi.join(", ")))
}

fn budgets(budget: BudgetUse) -> RuleResult {
    let Ok(Value::Object(budgets)) = serde_json::to_value(budget) else {
        return skipped("the use of budgets is unknown");
    };

    let over = budgets.iter().filter_map(|(name, budget)| {
        let (used, limit) = (budget["used"].as_u64()?, budget["limit"].as_u64()?);
        (used > limit / 2).then(|| format!("{name}: {used} of {limit}"))
    });
    let over: Vec<String> = over.collect();
    if over.is_empty() {
        Ok(())
    } else {
        failed(over.join(", "))
    }
}
