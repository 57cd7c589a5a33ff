//! From a configuration to everything that a run works with.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use job_scanner_core::matching::KeywordMatcher;
use job_scanner_core::normalize::NORMALIZATION_VERSION;
use tracing::info;
use tracing::level_filters::LevelFilter;

use crate::clock::Clock;
use crate::config::{Config, ConfigErrors};
use crate::notify::{
    Channels, MailChannel, MailTransport, Mailbox, NotificationService, NotifySettings, Outbox, SmtpTransport,
    default_sender, recipients_or_placeholder, take_back_leases,
};
use crate::pipeline::{Rehearsal, ScanContext};
use crate::sandbox::{Catalog, Engine, EngineOptions, HttpClients, HttpOptions};
use crate::store::Store;

/// Folders that no configuration names.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Where compiled adapters are kept; `None` compiles them anew at every start.
    pub cache: Option<PathBuf>,
    /// Where mail goes while there is no mail server.
    pub outbox: PathBuf,
}

impl Folders {
    /// Compiled adapters in the user's cache folder (XDG Base Directory Specification), mail in `data/outbox` of the
    /// current folder, beside the default database.
    pub fn of_process() -> Self {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
        if cache.is_none() {
            tracing::warn!("neither XDG_CACHE_HOME nor HOME is set: adapters are compiled at every start");
        }
        Self { cache: cache.map(|folder| folder.join("job-scanner/adapters")), outbox: "data/outbox".into() }
    }
}

/// Opens the database, starts the engine, and puts the collaborators together.
///
/// # Errors
///
/// [`ConfigErrors`] when a source names an adapter that is not there; else what could not be opened.
pub async fn scan_context(config: Config, folders: Folders) -> anyhow::Result<ScanContext> {
    let Rehearsal { catalog, clients, matcher, clock, config } = rehearsal(config, &folders)?;
    let store = Store::open(&config.database_url).await.context("cannot open the database")?;
    take_back_leases(&store, clock.now()).await.context("cannot take back deliveries")?;
    let (mail, recipients) = mail_channel(&config, Outbox::new(folders.outbox))?;
    let notify =
        NotifySettings { recipients, digest_above: config.email.digest_above, on_first_scan: config.on_first_scan };
    Ok(ScanContext {
        matcher,
        normalization_version: NORMALIZATION_VERSION,
        catalog,
        clients,
        store,
        notify,
        notifier: NotificationService::new(Channels { mail }, config.email.give_up_after),
        clock,
        config,
    })
}

/// Puts together what it takes to look at boards, and nothing that keeps or tells.
///
/// # Errors
///
/// [`ConfigErrors`] when a source names an adapter that is not there; else what could not be prepared.
pub fn rehearsal(config: Config, folders: &Folders) -> anyhow::Result<Rehearsal> {
    let file = config.path.display();
    info!(event = "config.loaded", log.level = %LevelFilter::current(), config.file = %file, "read `{file}`");
    let catalog = catalog(&config, folders)?;
    check_adapters(&config, &catalog)?;
    let clients = http_clients(&config)?;
    let matcher = KeywordMatcher::new(config.profiles.clone()).context("cannot prepare the search terms")?;
    Ok(Rehearsal { catalog, clients, matcher: Arc::new(matcher), clock: Clock::system(), config })
}

/// Starts the engine that adapters run in; loads none yet.
pub fn catalog(config: &Config, folders: &Folders) -> anyhow::Result<Catalog> {
    let engine = Engine::new(&EngineOptions {
        cache_folder: folders.cache.clone(),
        parallel_scans: config.advanced.max_concurrent_sources,
        max_memory_bytes: config.adapters.limits.most_memory_bytes(),
    })?;
    Ok(Catalog::new(engine, config.adapters.clone()))
}

/// What requests go through; opens no connection.
pub fn http_clients(config: &Config) -> anyhow::Result<HttpClients> {
    HttpClients::new(&HttpOptions {
        user_agent: config.advanced.user_agent.clone(),
        request_timeout: config.advanced.http_request_timeout,
        max_rate_per_host: config.advanced.max_rate_per_host,
    })
}

/// Mail to the configured server, or to files while there is no server or nobody to write to.
pub fn mail_channel(config: &Config, outbox: Outbox) -> anyhow::Result<(MailChannel, Vec<Mailbox>)> {
    let recipients: Vec<_> = config.alert_to.iter().map(|address| Mailbox::new(None, address.clone())).collect();
    match &config.smtp {
        Some(server) if !recipients.is_empty() => {
            let transport = SmtpTransport::new(server, &config.email).context("cannot prepare for the mail server")?;
            tracing::info!("messages go to {} recipients through {}", recipients.len(), transport.address());
            Ok((MailChannel::new(server.sender.clone(), MailTransport::Smtp(transport)), recipients))
        }
        server => {
            let recipients = recipients_or_placeholder(recipients, outbox.folder(), server.is_some());
            Ok((MailChannel::new(default_sender(), MailTransport::Files(outbox)), recipients))
        }
    }
}

/// A source whose adapter is not there is an error of the configuration, found before anything runs.
fn check_adapters(config: &Config, catalog: &Catalog) -> Result<(), ConfigErrors> {
    let mut reported = BTreeSet::new();
    let problems: Vec<_> = config
        .sources
        .iter()
        .filter(|source| source.enabled)
        .filter_map(|source| catalog.find(&source.key.adapter).err().map(|error| (source, error)))
        .filter(|(source, _)| reported.insert(source.key.adapter.clone()))
        .map(|(source, error)| {
            let remedy =
                "build the adapters with `./just build-adapters`, put the file there, or correct `adapters.dir`";
            config.problem(source.type_position, format!("{}.type", source.path), error.to_string(), remedy.to_owned())
        })
        .collect();
    ConfigErrors::from_problems(problems).map_or(Ok(()), Err)
}
