//! Assembles the collaborators of a run from a configuration.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use job_scanner_config::{
    AdaptersConfig, AdvancedConfig, ChannelConfig, ChannelSettings, Config, Home,
};
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::matching::QueryMatcher;
use job_scanner_core::normalize::NORMALIZATION_VERSION;
use job_scanner_core::quantity::counted;
use job_scanner_notify::{
    Channel, Channels, HttpChannel, MailChannel, MailTransport, Mailbox, NotificationService,
    NotifySettings, Outbox, PageAddress, SmtpTransport, TemplateFiles, default_sender,
    recipients_or_placeholder, take_back_leases,
};
use job_scanner_outbound::{HttpClients, HttpOptions};
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{
    DryRun, FailedExchanges, ScanContext, Scanner, check_sources, deadline_for,
};
use job_scanner_sandbox::{Catalog, Engine, EngineOptions, InFlightBudget};
use job_scanner_store::Store;
use tracing::level_filters::LevelFilter;
use tracing::{info, warn};

/// The folders that are not set in the configuration.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The folders of adapters that are searched after the configured one, in this order.
    pub adapters: Vec<PathBuf>,
    /// The folder of compiled adapters. `None` compiles them at every start.
    pub cache: Option<PathBuf>,
    /// The folder of messages while there is no mail server.
    pub outbox: PathBuf,
}

impl Folders {
    /// Returns the folders for this process. Adapters are in the user's data folder and in the
    /// folder where they were installed with the program. Compiled adapters are in the user's cache
    /// folder ([XDG Base Directory
    /// Specification](https://specifications.freedesktop.org/basedir-spec/latest/)). Messages are
    /// in `data/outbox` of the current folder, next to the default database.
    pub fn of_process() -> Self {
        let absolute = |name| {
            absolute_folder(
                name,
                env::var_os(name).filter(|written| !written.is_empty())?,
            )
        };
        let below_home = |folder| absolute("HOME").map(|home| home.join(folder));
        let cache = absolute("XDG_CACHE_HOME").or_else(|| below_home(".cache"));
        let data = absolute("XDG_DATA_HOME").or_else(|| below_home(".local/share"));
        if cache.is_none() {
            tracing::warn!(
                "neither XDG_CACHE_HOME nor HOME is set, so adapters are compiled at every start"
            );
        }
        // The program is in PREFIX/bin.
        let program = env::current_exe().ok();
        let installed = program.and_then(|program| Some(program.parent()?.parent()?.join("share")));
        let of_adapters = |folder: PathBuf| folder.join("job-scanner/adapters");
        let mut adapters: Vec<_> = [data, installed]
            .into_iter()
            .flatten()
            .map(of_adapters)
            .collect();
        adapters.dedup();
        Self {
            adapters,
            cache: cache.map(of_adapters),
            outbox: "data/outbox".into(),
        }
    }
}

/// Returns the folder in a variable. The specification requires that relative paths are ignored. A
/// `~` that no shell expanded is expanded here.
fn absolute_folder(name: &str, written: OsString) -> Option<PathBuf> {
    let folder = Home::of_process()
        .expand_path(written.into())
        .ok()
        .filter(|folder| folder.is_absolute());
    if folder.is_none() {
        tracing::warn!("{name} is not an absolute path, so it is ignored");
    }
    folder
}

/// Opens the database, starts the engine, and assembles the collaborators of a run.
///
/// # Errors
///
/// [`ConfigErrors`] if a source names an adapter that does not exist, or options that it rejects.
/// Another error if the engine, the database or a channel cannot be set up.
///
/// [`ConfigErrors`]: job_scanner_config::ConfigErrors
pub async fn scan_context(config: Config, folders: Folders) -> anyhow::Result<ScanContext> {
    let scanner = scanner(config, &folders).await?;
    let config = &scanner.config;

    let store = Store::open(&config.database_url)
        .await
        .context("cannot open the database")?;
    take_back_leases(&store, scanner.clock.now())
        .await
        .context("cannot release the deliveries of an earlier process")?;

    let channels = channels(config, Outbox::new(folders.outbox), &scanner.clients)?;
    let notify = NotifySettings {
        recipients: channels.recipients(),
        chosen: config.notify.clone(),
        when: config.when.clone(),
        notices_to: config.channels_of_notices(),
        digest_above: config.email.digest_above,
        on_first_scan: config.on_first_scan,
    };
    Ok(ScanContext {
        normalization_version: NORMALIZATION_VERSION,
        failed_exchanges: FailedExchanges::new(&store, config.advanced.keep_failed_exchanges),
        counts_terms: false,
        store,
        notify,
        notifier: NotificationService::new(channels, config.email.give_up_after),
        deadline: deadline_for(config.scan_interval),
        meter: None,
        scanner,
    })
}

/// Assembles the collaborators of a dry run.
///
/// # Errors
///
/// As [`scan_context`].
pub async fn dry_run(config: Config, folders: &Folders) -> anyhow::Result<DryRun> {
    Ok(DryRun::new(scanner(config, folders).await?))
}

/// Assembles the collaborators that scan boards, without a database or channels.
async fn scanner(config: Config, folders: &Folders) -> anyhow::Result<Scanner> {
    let file = config.path.display();
    info!(event = "config.loaded", log.level = %LevelFilter::current(), config.file = %file, "read `{file}`");
    let catalog = Arc::new(catalog(&config.adapters, &config.advanced, folders)?);
    check_sources(&config, &catalog).await?;
    let clients = http_clients(&config.advanced)?;
    let matcher =
        QueryMatcher::new(config.profiles.clone()).context("cannot prepare the search terms")?;
    let in_flight = InFlightBudget::new(config.advanced.max_held_bytes);
    Ok(Scanner {
        catalog,
        clients,
        in_flight,
        matcher: Arc::new(matcher),
        clock: Clock::system(),
        config,
    })
}

/// Starts the engine that runs adapters, with the folders of adapters. Does not load an adapter
/// yet.
pub fn catalog(
    adapters: &AdaptersConfig,
    advanced: &AdvancedConfig,
    folders: &Folders,
) -> anyhow::Result<Catalog> {
    let mut searched = vec![adapters.dir.clone()];
    searched.extend(folders.adapters.iter().cloned());
    let engine = Engine::new(&EngineOptions {
        cache_folder: folders.cache.clone(),
        parallel_scans: advanced.max_concurrent_sources,
        max_memory_bytes: adapters.limits.max_memory_bytes(),
    })?;
    Catalog::new(engine, searched, adapters.limits.clone())
}

/// Creates the HTTP clients. Does not open a connection.
pub fn http_clients(advanced: &AdvancedConfig) -> anyhow::Result<HttpClients> {
    HttpClients::new(&HttpOptions {
        user_agent: advanced.user_agent.clone(),
        request_timeout: advanced.http_request_timeout,
        max_rate_per_host: advanced.max_rate_per_host,
    })
}

/// Creates the channels of the configuration: those that it lists, or mail to `ALERT_TO_EMAIL`.
/// Does not connect to any of them.
pub fn channels(
    config: &Config,
    outbox: Outbox,
    clients: &HttpClients,
) -> anyhow::Result<Channels> {
    let templates = template_files(config);
    for problem in templates.problems() {
        warn!(
            event = "notification.template_failed",
            "{problem}; the built-in template is used"
        );
    }

    let page = page_address(config);
    let Some(listed) = &config.channels else {
        let mail = mail_channel(config, config.mail_recipients(), outbox)?
            .with_templates(templates.for_channel(ChannelKind::Mail.as_str()))
            .with_page(page);
        return Ok(Channels::new(vec![Channel::Mail(mail)]));
    };

    let channel = |channel: &ChannelConfig| {
        let templates = templates.for_channel(&channel.name);
        if let ChannelSettings::Email { to } = &channel.settings {
            let mail = mail_channel(config, to.clone(), outbox.clone())?
                .named(&channel.name, channel.rhythm.clone())
                .with_templates(templates)
                .with_page(page.clone());
            return Ok(Channel::Mail(mail));
        }

        let http = HttpChannel::new(
            channel.clone(),
            config.secret_places.clone(),
            clients.clone(),
        )
        .with_templates(templates)
        .with_page(page.clone());
        Ok(Channel::Http(http))
    };
    let channels: anyhow::Result<Vec<Channel>> = listed.iter().map(channel).collect();
    Ok(Channels::new(channels?))
}

/// Returns the address of the page for links in messages; `None` if the configuration has none.
fn page_address(config: &Config) -> Option<PageAddress> {
    let web = config.web.as_ref()?;
    web.public_url.clone().map(PageAddress::new)
}

/// Reads the operator's templates of messages. None of them is a reason not to start: a message
/// without a valid template has the built-in form.
pub fn template_files(config: &Config) -> TemplateFiles {
    match &config.templates {
        Some(folder) => TemplateFiles::read(folder),
        None => TemplateFiles::default(),
    }
}

/// Creates a mail channel: to the configured server, or to files if there is no server or no
/// recipient.
fn mail_channel(
    config: &Config,
    recipients: impl IntoIterator<Item: Into<Mailbox>>,
    outbox: Outbox,
) -> anyhow::Result<MailChannel> {
    let recipients: Vec<Mailbox> = recipients.into_iter().map(Into::into).collect();
    match &config.smtp {
        Some(server) if !recipients.is_empty() => {
            let transport = SmtpTransport::new(server, &config.email)
                .context("cannot set up the connection to the mail server")?;
            let count = counted(recipients.len() as u64, "recipient", "recipients");
            tracing::info!("sending mail to {count} via {}", transport.address());
            Ok(MailChannel::new(
                server.sender.clone(),
                MailTransport::Smtp(transport),
                recipients,
            ))
        }
        server => {
            let recipients =
                recipients_or_placeholder(recipients, outbox.folder(), server.is_some());
            Ok(MailChannel::new(
                default_sender(),
                MailTransport::Files(outbox),
                recipients,
            ))
        }
    }
}
