//! The conformance kit: does an adapter do what the contract says, also when its board does not?
//!
//! [`check`] replays cassettes: as they are, again, from the middle, as an unchanged board, and
//! with an answer that is none in place of the first one ([`answers`] makes them). Every rule gives
//! a [`Finding`]; a rule that a cassette does not exercise is skipped, and says why. Nothing leaves
//! the machine.

mod answers;
mod listing;
mod options;

use job_scanner_core::key::Identifier;
use job_scanner_sandbox::{
    Adapter, BudgetUse, Cassette, CassetteSource, ListingEnd, Replay, Request, ScanError,
};
use serde::Serialize;
use serde_json::{Map, Value};

/// What was found about one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable word, such as `same-twice`.
    pub rule: &'static str,
    /// What the rule asks for, in words.
    pub means: &'static str,
    /// Whether it holds.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Whether a rule holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "why", rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Passed,
    /// It does not, and why.
    Failed(String),
    /// Nothing here says, and why.
    Skipped(String),
}

impl Finding {
    /// Whether the rule is broken.
    pub fn is_failure(&self) -> bool {
        matches!(self.verdict, Verdict::Failed(_))
    }
}

/// What a rule found: nothing wrong, or what.
type Held = Result<(), Verdict>;

fn broken<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Failed(why.into()))
}

fn skipped<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Skipped(why.into()))
}

/// Collects findings in the order of the rules.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn add(&mut self, rule: &'static str, means: &'static str, held: Held) {
        let verdict = held.err().unwrap_or(Verdict::Passed);
        self.0.push(Finding {
            rule,
            means,
            verdict,
        });
    }
}

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

/// The board that most rules are tried on.
#[derive(Debug)]
struct Board {
    cassette: Cassette,
    /// Its scan, where a cassette has one that brings jobs; else why none has.
    scan: Result<Replay, NoScan>,
    /// What the adapter asks for first.
    first_request: Option<Request>,
}

/// Why there is no scan that brings jobs.
#[derive(Debug)]
enum NoScan {
    NoCassette,
    /// What came of the first cassette's.
    NoJobs(String),
}

impl Board {
    /// The first cassette whose scan brings jobs, or else the first. Where there is none, a source
    /// as the manifest's examples make it, whose board answers nothing but what [`answers`] gives
    /// it.
    async fn of(adapter: &Adapter, cassettes: &[Cassette]) -> Self {
        let mut found = None;
        for cassette in cassettes {
            let replay = adapter.replay(cassette).await;
            let without_jobs = match &replay.listing.end {
                ListingEnd::Failed(error) => Some(format!("{}: {error}", error.kind())),
                _ if replay.listing.jobs.is_empty() => Some("it brings none".to_owned()),
                _ => None,
            };
            match without_jobs {
                None => {
                    found = Some((cassette, Ok(replay)));
                    break;
                }
                Some(why) if found.is_none() => {
                    let why = format!(
                        "the scan of `{}`: {why}",
                        cassette.source.identifier.as_str()
                    );
                    found = Some((cassette, Err(NoScan::NoJobs(why))));
                }
                Some(_) => {}
            }
        }
        let (cassette, scan) = match found {
            Some((cassette, scan)) => (cassette.clone(), scan),
            None => (example_source(adapter), Err(NoScan::NoCassette)),
        };
        let first_request = adapter
            .replay(&Cassette {
                exchanges: Vec::new(),
                ..cassette.clone()
            })
            .await;
        let first_request = first_request.missing.into_iter().next();
        Self {
            cassette,
            scan,
            first_request,
        }
    }

    fn scan(&self) -> Result<&Replay, Verdict> {
        match &self.scan {
            Ok(scan) => Ok(scan),
            Err(NoScan::NoCassette) => skipped("there is no cassette"),
            Err(NoScan::NoJobs(_)) => skipped("no cassette brings jobs"),
        }
    }
}

/// A source with the options that the manifest shows as examples.
fn example_source(adapter: &Adapter) -> Cassette {
    let mut options = Map::new();
    for (name, property) in options::properties(adapter.manifest()) {
        if let Some(example) = property["examples"].get(0) {
            options.insert(name.clone(), example.clone());
        }
    }
    let identifier = Identifier::new("example").expect("a valid identifier");
    let (max_jobs, allow_hosts, state, validators) = (None, Vec::new(), None, Vec::new());
    let options = Value::Object(options);
    let source = CassetteSource {
        identifier,
        options,
        max_jobs,
        allow_hosts,
        state,
        validators,
    };
    let now = jiff::Timestamp::constant(1_795_421_700, 0);
    Cassette {
        adapter: None,
        source,
        now,
        exchanges: Vec::new(),
    }
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
    let wasi: Vec<&str> = adapter
        .interfaces()
        .imports
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("wasi:"))
        .collect();
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
    let over: Vec<_> = over.collect();
    if over.is_empty() {
        Ok(())
    } else {
        broken(over.join(", "))
    }
}

/// Whether an error is the adapter's own failure rather than its word about the board.
fn is_crash(error: &ScanError) -> bool {
    matches!(
        error,
        ScanError::CpuBudget { .. }
            | ScanError::Timeout { .. }
            | ScanError::OutOfMemory { .. }
            | ScanError::OutputTooLarge { .. }
            | ScanError::EndlessPaging(_)
            | ScanError::Trapped(_)
            | ScanError::NotStarted(_)
    )
}
