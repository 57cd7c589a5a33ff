//! The cost of matching with many terms, compared with few.

use std::hint::black_box;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_board_server::generate::token;
use job_scanner_core::job::Job;
use job_scanner_core::matching::{
    Criteria, JobText, KeywordMatcher, Profile, SearchedFields, Term,
};

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
    let texts: Vec<JobText<'_>> = jobs
        .iter()
        .map(|&job| SearchedFields::from(job).texts("Acme"))
        .collect();

    let (ten, thousand) = (matcher(10)?, matcher(1_000)?);

    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // In turns, so that a short load on the machine slows both.
        few.push(cpu_time(&ten, &texts));
        many.push(cpu_time(&thousand, &texts));
    }

    let (few, many) = (median_ms(few), median_ms(many));

    Ok(vec![Row::new(
        "terms",
        "matching 1,000 terms ÷ matching 10 terms, same text (CPU)",
        many / few,
        (1.5, Unit::Ratio),
        vec![Part::ms("1,000 terms", many), Part::ms("10 terms", few)],
    )])
}

/// Returns `count` terms that are spread evenly over all skills and roles.
fn terms(count: usize) -> Vec<String> {
    let all = ROLES.iter().flat_map(|role| {
        SKILLS
            .iter()
            .map(move |skill| format!("{skill} {role}").trim().to_owned())
    });
    let all: Vec<String> = all.collect();

    (0..count)
        .map(|number| all[number * all.len() / count].clone())
        .collect()
}

/// Creates a matcher with `count` terms in profiles of ten. Hardly any job has all ten terms, so
/// the row measures the search and not the recording of matches.
fn matcher(count: usize) -> anyhow::Result<KeywordMatcher> {
    let terms = terms(count)
        .iter()
        .map(|term| term.parse())
        .collect::<Result<Vec<Term>, _>>()?;

    let profiles = terms
        .chunks(TERMS_PER_PROFILE)
        .enumerate()
        .map(|(number, terms)| Profile {
            name: number.to_string(),
            criteria: Criteria {
                required_terms: terms.to_vec(),
                ..Criteria::default()
            },
        });

    KeywordMatcher::new(profiles.collect()).context("the terms are too large for an automaton")
}

fn cpu_time(matcher: &KeywordMatcher, texts: &[JobText<'_>]) -> Duration {
    let watch = Stopwatch::start();
    for text in texts {
        black_box(matcher.evaluate(black_box(text)));
    }
    watch.stop().cpu
}
