//! The section `web` as a whole.

use job_scanner_core::net::Network;
use job_scanner_core::secret::Secret;
use url::Url;

use crate::paths::Base;
use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section};
use crate::sections::web::auth::{AUTH_WORDS, AuthKeys, WebAuth};
use crate::sections::web::listen::{
    LISTEN_FORM, URL_FORM, WebListen, is_loopback, parse_public_url,
};

const NETWORKS_FORM: &str = "write addresses or networks in a list, such as `[172.18.0.0/16]`";

/// The settings of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct WebConfig {
    pub listen: WebListen,
    pub auth: WebAuth,
    /// The address of the page in mails, feeds and cookies: a scheme, a host and perhaps a port.
    pub public_url: Option<Url>,
    /// The networks of proxies: their `X-Forwarded-For` counts, and their name of the visitor.
    pub trusted_proxies: Vec<Network>,
    /// True if the page may write sources into `sources.d/`.
    pub write_sources: bool,
    /// True if single keys of the keyboard do something on the page.
    pub shortcuts: bool,
}

impl WebConfig {
    /// Reads the section. `None` without it: there is no page. `password_file` is the hash in the
    /// file of `WEB_PASSWORD_FILE`.
    pub(crate) fn read(
        root: &mut Section<'_>,
        base: &Base,
        password_file: Option<Secret>,
    ) -> Option<Self> {
        root.section("web", |web| Self::read_keys(web, base, password_file))?
    }

    fn read_keys(
        web: &mut Section<'_>,
        base: &Base,
        password_file: Option<Secret>,
    ) -> Option<Self> {
        let listen = web.required("listen", LISTEN_FORM);
        let address = listen
            .as_ref()
            .and_then(|field| field.parsed(|text| WebListen::parse(text, base), LISTEN_FORM));
        let auth = web.field("auth");
        let word = auth.as_ref().and_then(|field| field.choice(AUTH_WORDS));
        let keys = AuthKeys::read(web, password_file);
        let url = web.field("public_url");
        let public_url = url
            .as_ref()
            .and_then(|field| field.parsed(parse_public_url, URL_FORM));
        let trusted_proxies = web
            .field("trusted_proxies")
            .map(|field| read_networks(&field));
        let write_sources = web.field("write_sources").and_then(|field| field.boolean());
        let shortcuts = web.field("shortcuts").and_then(|field| field.boolean());

        // The checks below would only repeat the problems that were reported so far.
        let (blamed, listen) = (auth.or(listen)?, address?);
        if web.has_problems() {
            return None;
        }

        let trusted_proxies = trusted_proxies.unwrap_or_default();
        let knows_proxy = !trusted_proxies.is_empty() || matches!(listen, WebListen::Unix(_));
        let auth = keys
            .auth(word, &listen, knows_proxy)
            .map_err(|contradiction| blamed.report(contradiction.wrong, contradiction.remedy))
            .ok()?;
        if let (WebAuth::None, WebListen::Tcp(_), Some(url)) = (&auth, &listen, &url) {
            check_is_local(url, public_url.as_ref())?;
        }

        Some(Self {
            listen,
            auth,
            public_url,
            trusted_proxies,
            write_sources: write_sources.unwrap_or(false),
            shortcuts: shortcuts.unwrap_or(true),
        })
    }
}

/// Reports a public address although there is no authentication: a proxy would forward the requests
/// of strangers to the loopback address.
fn check_is_local(field: &Field<'_>, public_url: Option<&Url>) -> Option<()> {
    if public_url.is_some_and(|url| !is_loopback(url)) {
        field.report(
            "is an address of other machines, and the page has no authentication",
            "write `auth: password` with `password_hash`, or remove `public_url`",
        );
        return None;
    }
    Some(())
}

fn read_networks(field: &Field<'_>) -> Vec<Network> {
    let network = |item: &Field<'_>| {
        let parse = |text: &str| {
            text.parse::<Network>()
                .map_err(|error| format!("{} {error}", quoted(text)))
        };
        item.parsed(
            parse,
            "write an address or a network, such as `172.18.0.0/16`",
        )
    };
    let items = field.list(NETWORKS_FORM).unwrap_or_default();
    items.iter().filter_map(network).collect()
}
