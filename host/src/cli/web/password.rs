//! `job-scanner web password`: asks for a password and prints its hash.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, bail};
use console::Term;
use job_scanner_core::secret::Secret;
use job_scanner_web::hash_password;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::terminal::{write_stderr, write_stderr_line};

/// The longest line that is read. A longer password is refused later, with the limit.
const MAX_LINE_BYTES: u64 = 64 * 1024;

const NEXT: &str = "Write this line into config.yaml as `password_hash: '…'` below `web`, or into the file that \
     WEB_PASSWORD_FILE names. A new password ends all sessions of the page.";

/// Prints the hash of a password: from the terminal, where it is asked for twice and not shown, or
/// else from the first line of standard input.
pub(crate) fn run() -> anyhow::Result<u8> {
    let is_asked = io::stdin().is_terminal();
    let password = if is_asked { asked()? } else { piped()? };
    let hash = hash_password(&password)?;

    print(&format!("{hash}\n"))?;
    if is_asked {
        write_stderr_line(NEXT);
    }
    Ok(SUCCESS)
}

/// Asks for the password twice.
fn asked() -> anyhow::Result<Secret> {
    let password = hidden("Password (it is not shown): ")?;
    if hidden("The same again: ")? != password {
        bail!("the two passwords differ; run the command again");
    }
    Ok(password)
}

fn hidden(question: &str) -> anyhow::Result<Secret> {
    write_stderr(question);
    let line = Term::stderr().read_secure_line();
    line.map(Secret::new).context("cannot read the password")
}

fn piped() -> anyhow::Result<Secret> {
    let mut line = String::new();
    let mut input = io::stdin().lock().take(MAX_LINE_BYTES);
    input
        .read_line(&mut line)
        .context("cannot read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("standard input is empty; write the password on its first line");
    }
    Ok(Secret::new(password))
}
