//! `job-scanner key`: the keys of programs that use the API and the feeds.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{KeyScope, Store};
use job_scanner_views::access::keys;
use job_scanner_views::access::keys::KeyView;
use job_scanner_web::IssuedKey;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::cli::queries::read_store;
use crate::cli::usage::check_profile;
use crate::cli::web::ListOptions;
use crate::terminal::write_stderr_line;

/// The longest name of a key.
const MAX_NAME_CHARS: usize = 100;

/// The subcommands of `key`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum KeyOptions {
    /// Create a key and print it; it is never shown again
    Create(CreateOptions),
    /// List the keys, with what they open and when they were used last
    List(ListOptions),
    /// Delete a key: programs that use it are refused from now on
    Revoke {
        /// Name of the key
        #[arg(value_name = "NAME", value_parser = name)]
        name: String,
    },
}

/// The arguments of `key create`.
#[derive(Debug, clap::Args)]
pub(crate) struct CreateOptions {
    /// Name of the key, such as that of the program that will use it
    #[arg(value_name = "NAME", value_parser = name)]
    name: String,

    #[command(flatten)]
    opens: Opens,
}

/// The part of the page that a new key opens.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Opens {
    /// The key may read everything and change nothing
    #[arg(long)]
    read: bool,

    /// The key may read and change everything
    #[arg(long)]
    write: bool,

    /// The key opens the feed of this profile and nothing else; it is part of the feed's address
    #[arg(long, value_name = "PROFILE")]
    feed: Option<String>,
}

/// Runs a subcommand.
pub(crate) async fn run(config: &Config, options: &KeyOptions) -> anyhow::Result<u8> {
    match options {
        KeyOptions::Create(options) => create(config, options).await,
        KeyOptions::List(options) => list(config, options).await,
        KeyOptions::Revoke { name } => revoke(config, name).await,
    }
}

async fn create(config: &Config, options: &CreateOptions) -> anyhow::Result<u8> {
    let CreateOptions { name, opens } = options;
    let scope = match &opens.feed {
        Some(profile) => {
            check_profile(config, profile)?;
            KeyScope::Feed {
                profile: profile.clone(),
            }
        }
        None if opens.write => KeyScope::Write,
        None => KeyScope::Read,
    };

    let issued = IssuedKey::new(name.clone(), scope)?;
    let store = open(config).await?;
    let created = store.create_api_key(&issued.row, Clock::system().now());
    let created = created.await?;
    store.close().await;
    if created.is_none() {
        let name = Printable(name);
        anyhow::bail!(
            "there is a key `{name}` already; choose another name, or first `job-scanner key revoke '{name}'`"
        );
    }

    // The key is the result, so a script can use it. Everything about it goes to standard error.
    print(&format!("{}\n", issued.key.expose()))?;
    write_stderr_line("Keep the key: it is stored as a hash and cannot be shown again.");
    Ok(SUCCESS)
}

async fn list(config: &Config, options: &ListOptions) -> anyhow::Result<u8> {
    let stored = read_store(config, async |store| store.api_keys().await).await?;
    match options.format {
        Format::Json => print_json(&stored.iter().map(KeyView::from).collect::<Vec<_>>())?,
        Format::Table if stored.is_empty() => {
            print("there are no keys; `job-scanner key create NAME --read` makes one\n")?;
        }
        Format::Table => {
            let lines = stored.iter().map(|key| keys::line(key) + "\n");
            print(&lines.collect::<String>())?;
        }
    }
    Ok(SUCCESS)
}

async fn revoke(config: &Config, name: &str) -> anyhow::Result<u8> {
    let store = open(config).await?;
    let revoked = store.revoke_api_key(name).await?;
    store.close().await;

    let name = Printable(name);
    if revoked {
        print(&format!("the key `{name}` no longer opens anything\n"))?;
        return Ok(SUCCESS);
    }
    print(&format!(
        "the key `{name}` does not exist; `job-scanner key list` lists them\n"
    ))?;
    Ok(FAILURE)
}

/// Parses the name of a key.
fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("write a name of visible characters".to_owned());
    }
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(format!("write at most {MAX_NAME_CHARS} characters"));
    }
    Ok(text.to_owned())
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")
}
