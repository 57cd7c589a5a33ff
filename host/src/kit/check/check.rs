//! All rules in their order, and those about the adapter as a whole.

use job_scanner_sandbox::{Adapter, BudgetUse, Cassette};
use serde_json::Value;

use crate::kit::check::board::Board;
use crate::kit::check::report::{Finding, Held, Report, broken, skipped};
use crate::kit::check::{answers, listing, options};

/// Holds an adapter against all rules. Without a cassette, only what needs no answers of a board is
/// checked.
pub async fn check(adapter: &Adapter, cassettes: &[Cassette]) -> Vec<Finding> {
    let mut report = Report::default();

    report.add("name", "it is called what its file is", name(adapter));
    report.add(
        "imports",
        "it imports the contract's interfaces and nothing else",
        imports(adapter),
    );
    report.add(
        "examples",
        "each option's default and examples fit the schema",
        options::examples(adapter.manifest()),
    );

    let board = Board::of(adapter, cassettes).await;
    report.add(
        "required-options",
        "a required option that is missing is `invalid-options`, which names it",
        options::required(adapter, &board.cassette).await,
    );

    listing::check(adapter, &board, cassettes, &mut report).await;
    answers::check(adapter, &board, &mut report).await;

    report.add(
        "budgets",
        "a scan uses less than half of each budget",
        board.scan().and_then(|scan| budgets(scan.budget)),
    );
    report.0
}

/// A source finds it by the file, and its manifest says by which `type`.
fn name(adapter: &Adapter) -> Held {
    let (file, manifest) = (adapter.name(), &adapter.manifest().name);
    if file == manifest {
        Ok(())
    } else {
        broken(format!(
            "the file is `{file}.wasm`, and the manifest says `{manifest}`"
        ))
    }
}

/// An adapter with others does not load, but for WASI's, which lead to an empty world.
fn imports(adapter: &Adapter) -> Held {
    let imports = adapter.interfaces().imports.iter().map(String::as_str);
    let wasi: Vec<&str> = imports.filter(|name| name.starts_with("wasi:")).collect();
    if wasi.is_empty() {
        return Ok(());
    }

    let words = "they work, over a world without files, environment and network; docs/languages.md says how to do without";
    skipped(format!("it imports {}: {words}", wasi.join(", ")))
}

fn budgets(budget: BudgetUse) -> Held {
    let Ok(Value::Object(budgets)) = serde_json::to_value(budget) else {
        return skipped("no budget is known");
    };

    let over = budgets.iter().filter_map(|(name, budget)| {
        let (used, limit) = (budget["used"].as_u64()?, budget["limit"].as_u64()?);
        (used > limit / 2).then(|| format!("{name}: {used} of {limit}"))
    });
    let over: Vec<String> = over.collect();
    if over.is_empty() {
        Ok(())
    } else {
        broken(over.join(", "))
    }
}
