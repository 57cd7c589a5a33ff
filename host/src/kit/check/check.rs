//! All rules in their order, and the rules about the adapter as a whole.

use job_scanner_sandbox::{Adapter, BudgetUse, Cassette};
use serde_json::Value;

use crate::kit::check::board::Board;
use crate::kit::check::report::{Finding, Findings, RuleResult, failed, skipped};
use crate::kit::check::{listing, options, responses};

/// Checks an adapter against all rules. Without a cassette, only the rules that need no recorded
/// responses are checked.
pub async fn check(adapter: &Adapter, cassettes: &[Cassette]) -> Vec<Finding> {
    let mut findings = Findings::default();

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

    let board = Board::of(adapter, cassettes).await;
    findings.add(
        "required-options",
        "a missing required option yields `invalid-options`, and the error names the option",
        options::required(adapter, &board.cassette).await,
    );

    listing::check(adapter, &board, cassettes, &mut findings).await;
    responses::check(adapter, &board, &mut findings).await;

    findings.add(
        "budgets",
        "a scan uses less than half of each budget",
        board.scan().and_then(|scan| budgets(scan.budget)),
    );
    findings.0
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
