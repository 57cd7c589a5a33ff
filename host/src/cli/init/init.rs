//! The command: its arguments, the new file, and what it prints.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use job_scanner_config::find_config;
use job_scanner_core::escape::Printable;
use job_scanner_files::durable_file::{folder_of, write_new_shared};

use crate::cli::exit_code::SUCCESS;
use crate::cli::init::answers::{Answers, FoundSources, Places, Roles};
use crate::cli::init::questions;
use crate::cli::init::text::config_text;
use crate::cli::output::print;
use crate::cli::usage::UsageError;

/// The file that is written if `--config` names none.
const DEFAULT_FILE: &str = "config.yaml";

/// The arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Words of the job titles that you look for, separated by commas, such as `rust, data
    /// engineer*`
    #[arg(long, value_name = "WORDS")]
    what: Option<String>,

    /// Places and `remote`, separated by commas; one of them is enough. Empty for anywhere
    #[arg(long = "where", value_name = "PLACES")]
    places: Option<String>,

    /// Addresses of the careers pages of companies, or of one of their jobs
    #[arg(long = "company", value_name = "ADDRESS", num_args = 1..)]
    companies: Vec<String>,
}

/// Asks for what the arguments do not say and writes the configuration. An existing file is never
/// changed.
pub(crate) fn run(options: &Options, file: Option<&Path>) -> anyhow::Result<u8> {
    let path = new_file(file)?;
    let answers = if io::stdin().is_terminal() {
        ask(options)?
    } else {
        answers_of_arguments(options)?
    };

    // Everything was checked one by one. The whole file is checked too, before it exists.
    let text = config_text(&answers);
    job_scanner_config::parse(&path, &text)?;
    write_new_shared(&path, text.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(&path).into(),
        _ => anyhow::Error::new(error).context(format!("cannot write `{}`", path.display())),
    })?;

    print(&next_steps(&path, file.is_some()))?;
    Ok(SUCCESS)
}

/// Returns the path of the new file, before a person answers questions for nothing.
fn new_file(file: Option<&Path>) -> Result<PathBuf, UsageError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    if path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    // A new `config.yaml` would be read instead of an existing `config/config.yaml`.
    if let (None, Some(read)) = (file, find_config()) {
        return Err(exists(&read));
    }

    let folder = folder_of(path);
    if !folder.is_dir() {
        let wrong = format!(
            "the folder `{}` does not exist; create it first",
            folder.display()
        );
        return Err(UsageError(wrong));
    }
    Ok(path.to_owned())
}

fn exists(path: &Path) -> UsageError {
    UsageError(format!(
        "`{}` exists already and is not changed; edit it, or name a new file with `--config FILE`",
        path.display()
    ))
}

/// Asks for each answer that the arguments do not have.
fn ask(options: &Options) -> anyhow::Result<Answers> {
    let given = GivenAnswers::read(options)?;
    questions::begin();
    Ok(Answers {
        roles: given.roles.map_or_else(questions::roles, Ok)?,
        places: given.places.map_or_else(questions::places, Ok)?,
        sources: given.sources.map_or_else(questions::sources, Ok)?,
    })
}

fn answers_of_arguments(options: &Options) -> anyhow::Result<Answers> {
    let GivenAnswers {
        roles,
        places,
        sources,
    } = GivenAnswers::read(options)?;
    let (Some(roles), Some(sources)) = (roles, sources) else {
        let wrong = "questions can only be asked in a terminal; pass the answers as `--what \"rust, data engineer\" --where \
                     \"berlin, remote\" --company https://jobs.lever.co/acme` (`--where` may be left out)";
        return Err(UsageError(wrong.to_owned()).into());
    };
    Ok(Answers {
        roles,
        places: places.unwrap_or_default(),
        sources,
    })
}

/// The answers in the arguments; `None` for those that are missing.
struct GivenAnswers {
    roles: Option<Roles>,
    places: Option<Places>,
    sources: Option<FoundSources>,
}

impl GivenAnswers {
    /// Reads the answers. A wrong one is an error, also in a terminal.
    fn read(options: &Options) -> anyhow::Result<Self> {
        let wrong = |argument: &str, reasons: &[String]| {
            UsageError(format!("{argument}: {}", reasons.join("\n")))
        };
        let roles = options.what.as_deref().map(Roles::read).transpose();
        let places = options.places.as_deref().map(Places::read).transpose();

        let mut sources = FoundSources::default();
        let reasons = sources.add_all(&options.companies);
        if !reasons.is_empty() {
            return Err(wrong("--company", &reasons).into());
        }
        Ok(Self {
            roles: roles.map_err(|reasons| wrong("--what", &reasons))?,
            places: places.map_err(|reasons| wrong("--where", &reasons))?,
            sources: Some(sources).filter(|sources| !sources.is_empty()),
        })
    }
}

/// Returns the result: the file, and the commands to run next.
fn next_steps(path: &Path, is_named: bool) -> String {
    let shown = path.display().to_string();
    let named = if is_named {
        format!(" --config {}", shell_word(&shown))
    } else {
        String::new()
    };

    let mut text = format!("wrote {}\n\nNext:\n", Printable(&shown));
    for (command, effect) in [
        ("check", "finds mistakes and what is missing"),
        (
            "scan --dry-run",
            "shows the jobs that match, and stores and sends nothing",
        ),
    ] {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  job-scanner {command}{named}    # {effect}");
    }
    text
}

/// Returns a path as a word of a shell: in quotes, unless it consists of plain characters.
fn shell_word(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./~".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", Printable(path).to_string().replace('\'', r"'\''"))
    }
}
