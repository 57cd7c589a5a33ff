//! The cost of matching with many terms or profiles, compared with few.

use std::hint::black_box;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_board_server::generate::token;
use job_scanner_core::job::Job;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{MatchedJob, Profile, QueryMatcher};
use job_scanner_core::query::{ListedTerm, Query};

use crate::boards::Boards;
use crate::measure::{Stopwatch, median_ms};
use crate::native;
use crate::report::{Part, Row, Unit};

const JOBS: u32 = 500;
const ROUNDS: u32 = 40;
const TERMS_PER_PROFILE: usize = 10;

/// Skills that people search for, alone or with a role.
const SKILLS: [&str; 80] = [
    "rust",
    "go",
    "java",
    "kotlin",
    "scala",
    "python",
    "ruby",
    "c++",
    "c#",
    ".net",
    "typescript",
    "javascript",
    "node.js",
    "react",
    "vue",
    "angular",
    "swift",
    "objective-c",
    "php",
    "laravel",
    "elixir",
    "erlang",
    "haskell",
    "clojure",
    "perl",
    "sql",
    "postgresql",
    "mysql",
    "sqlite",
    "mongodb",
    "redis",
    "kafka",
    "rabbitmq",
    "spark",
    "hadoop",
    "airflow",
    "dbt",
    "snowflake",
    "kubernetes",
    "docker",
    "terraform",
    "ansible",
    "aws",
    "azure",
    "gcp",
    "linux",
    "networking",
    "security",
    "cryptography",
    "compilers",
    "databases",
    "distributed systems",
    "machine learning",
    "deep learning",
    "computer vision",
    "robotics",
    "embedded",
    "firmware",
    "fpga",
    "graphics",
    "game",
    "mobile",
    "ios",
    "android",
    "frontend",
    "backend",
    "full stack",
    "platform",
    "infrastructure",
    "cloud",
    "data",
    "analytics",
    "payments",
    "growth",
    "search",
    "design",
    "product",
    "support",
    "sales",
    "research",
];
const ROLES: [&str; 13] = [
    "",
    "engineer",
    "developer",
    "architect",
    "manager",
    "lead",
    "analyst",
    "scientist",
    "designer",
    "consultant",
    "specialist",
    "researcher",
    "administrator",
];

pub(super) fn measure() -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(1, JOBS)?;
    let normalized = native::normalize(native::raw_jobs(native::parse(&boards.body(&token(0))?)?));

    let jobs: Vec<&Job> = normalized
        .results
        .iter()
        .map(|result| &result.job)
        .collect();
    let source: SourceKey = "greenhouse/acme".parse()?;
    let jobs: Vec<MatchedJob<'_>> = jobs
        .iter()
        .map(|job| native::matched(job, &source))
        .collect();

    let queries = [
        ("10 terms", of_terms(10)?),
        ("1,000 terms", of_terms(1_000)?),
        ("10,000 terms", of_terms(10_000)?),
        ("1 profile", of_profiles(1)?),
        ("20 profiles", of_profiles(20)?),
    ];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); queries.len()];
    for _ in 0..ROUNDS {
        // In turns, so that a short load on the machine slows all.
        for ((_, matcher), times) in queries.iter().zip(&mut times) {
            times.push(cpu_time(matcher, &jobs));
        }
    }
    let median: Vec<(&str, f64)> = queries
        .iter()
        .zip(times)
        .map(|((name, _), times)| (*name, median_ms(times)))
        .collect();
    let row = |key, title, many: usize, few: usize, bound| {
        let ((many, many_ms), (few, few_ms)) = (median[many], median[few]);
        let parts = vec![Part::ms(many, many_ms), Part::ms(few, few_ms)];
        Row::new(key, title, many_ms / few_ms, (bound, Unit::Ratio), parts)
    };

    Ok(vec![
        row(
            "terms",
            "matching 1,000 terms ÷ matching 10 terms, same text (CPU)",
            1,
            0,
            1.5,
        ),
        row(
            "many-terms",
            "matching 10,000 terms ÷ matching 10 terms, same text (CPU)",
            2,
            0,
            1.5,
        ),
        row(
            "profiles",
            "matching 20 profiles ÷ matching 1 profile, same text (CPU)",
            4,
            3,
            2.0,
        ),
    ])
}

/// Returns `count` terms that are spread evenly over all skills and roles.
fn terms(count: usize) -> Vec<String> {
    let all = ROLES.iter().flat_map(|role| {
        SKILLS
            .iter()
            .map(move |skill| format!("{skill} {role}").trim().to_owned())
    });
    let all: Vec<String> = all.collect();

    // More terms than there are pairs are told apart by a number that no text has.
    (0..count)
        .map(|number| {
            let term = &all[number * all.len() / count];
            match count / all.len() {
                0 => term.clone(),
                repeated => format!("{term} {}", number % (repeated + 1)),
            }
        })
        .collect()
}

/// Creates a matcher with `count` terms in profiles of ten. Hardly any job has all ten terms, so
/// the row measures the search and not the recording of matches.
fn of_terms(count: usize) -> anyhow::Result<QueryMatcher> {
    let terms = terms(count)
        .iter()
        .map(|term| term.parse())
        .collect::<Result<Vec<ListedTerm>, _>>()?;
    let profiles = terms.chunks(TERMS_PER_PROFILE).enumerate();
    let profiles = profiles.filter_map(|(number, terms)| {
        let query = Query::of_lists(terms, &[], &[])?;
        Some(Profile::new(number.to_string(), query))
    });
    matcher(profiles.collect())
}

/// Creates a matcher with `count` profiles as people write them.
fn of_profiles(count: usize) -> anyhow::Result<QueryMatcher> {
    let profiles = (0..count).map(|number| {
        let skill = SKILLS[number * SKILLS.len() / count];
        let query = Query::parse(&format!(
            "title:(engineer* OR developer* OR scientist) AND \"{skill}\" AND NOT (intern OR manager) \
             AND salary >= 70k EUR AND (workplace:remote OR location:(berlin OR paris))"
        ))?;
        Ok(Profile::new(number.to_string(), query))
    });
    matcher(profiles.collect::<anyhow::Result<Vec<Profile>>>()?)
}

fn matcher(profiles: Vec<Profile>) -> anyhow::Result<QueryMatcher> {
    QueryMatcher::new(profiles).context("the terms are too large for an automaton")
}

fn cpu_time(matcher: &QueryMatcher, jobs: &[MatchedJob<'_>]) -> Duration {
    let watch = Stopwatch::start();
    for job in jobs {
        black_box(matcher.evaluate(black_box(job)));
    }
    watch.stop().cpu
}
