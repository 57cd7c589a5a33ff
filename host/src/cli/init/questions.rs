//! The three questions, asked on standard error and answered on standard input.

use std::io::{self, BufRead as _, Read as _};

use anyhow::{Context as _, bail};
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;

use crate::cli::init::answers::{FoundSources, Places, Roles};
use crate::terminal::{write_stderr, write_stderr_line};

/// The longest line of an answer, in bytes. A terminal sends at most 4 KiB.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// Says what is going to happen.
pub(super) fn begin() {
    write_stderr_line(
        "Three questions, then a config.yaml is written. Nothing is written before the last answer (Ctrl+C ends).",
    );
}

/// Asks for the words of titles.
pub(super) fn roles() -> anyhow::Result<Roles> {
    write_stderr_line(
        "\n1. What do you look for? Words of job titles, separated by commas; one of them is enough.\n   \
         Example: engineer*, data scientist",
    );
    loop {
        match Roles::read(&answer()?) {
            Ok(roles) => return Ok(roles),
            Err(reasons) => report(&reasons),
        }
    }
}

/// Asks for places.
pub(super) fn places() -> anyhow::Result<Places> {
    write_stderr_line(
        "\n2. Where? Places, and `remote` if you like, separated by commas; one of them is enough.\n   \
         Example: berlin, munich, remote (empty for anywhere)",
    );
    loop {
        match Places::read(&answer()?) {
            Ok(places) => return Ok(places),
            Err(reasons) => report(&reasons),
        }
    }
}

/// Asks for addresses until an empty line.
pub(super) fn sources() -> anyhow::Result<FoundSources> {
    write_stderr_line(
        "\n3. Which companies? Paste the addresses of their careers pages or of their jobs, one or several on a line,\n   \
         and end with an empty line. Example: https://jobs.lever.co/acme\n   \
         (without a company: https://himalayas.app and https://remoteok.com list jobs of many)",
    );
    let mut sources = FoundSources::default();
    loop {
        let line = answer()?;
        if line.trim().is_empty() {
            if !sources.is_empty() {
                return Ok(sources);
            }
            write_stderr_line("   At least one address is needed.");
            continue;
        }

        let known = sources.all().len();
        let reasons = sources.add_all(&[line]);
        for source in &sources.all()[known..] {
            let (name, kind, identifier) = (&source.name, source.adapter, &source.identifier);
            write_stderr_line(format_args!(
                "   found {} ({kind}/{})",
                Printable(name),
                Printable(identifier)
            ));
        }
        report(&reasons);
        let found = counted(sources.all().len() as u64, "board", "boards");
        write_stderr_line(format_args!(
            "   {found}; another address, or an empty line to finish"
        ));
    }
}
fn report(reasons: &[String]) {
    for reason in reasons {
        write_stderr_line(format_args!("   {}", Printable(reason)));
    }
}

/// Reads one line. Bytes that are not UTF-8 become the replacement character, which no answer may have.
fn answer() -> anyhow::Result<String> {
    write_stderr("> ");
    let mut line = Vec::new();
    let mut input = io::stdin().lock().take(MAX_LINE_BYTES);
    let length = input.read_until(b'\n', &mut line);
    if length.context("cannot read the answer")? == 0 {
        write_stderr_line("");
        bail!("the input ended before the last answer; nothing was written");
    }

    let line = String::from_utf8_lossy(&line);
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
