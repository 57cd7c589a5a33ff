//! The rule about the hosts that an adapter requests.
//!
//! A cassette that was recorded through a test server contains only requests to that server, which
//! the operator allowed. The adapter's own hosts, which it requests from every other source, would
//! never be compared with its manifest. So the same scan runs again without the test server: the
//! requests that the adapter then makes get the responses of the test server.

use job_scanner_core::adapter::HostTarget;
use job_scanner_core::net::AllowList;
use job_scanner_sandbox::{Adapter, Cassette, Exchange, RefusedRequest, Replay, Request};
use serde_json::{Map, Value};
use url::{Position, Url};

use crate::kit::check::options;
use crate::kit::check::report::{RuleResult, Verdict, failed, skipped};

/// The number of replays of one cassette without its test server. Each replay reveals the requests
/// that follow from the responses of the one before, such as the next page.
const MAX_REPLAYS: usize = 20;

/// Checks that the adapter requests only what its manifest lists, with and without a test server.
pub(super) async fn hosts(adapter: &Adapter, cassettes: &[Cassette]) -> RuleResult {
    if cassettes.is_empty() {
        return skipped("the adapter has no cassette");
    }

    let mut own_hosts = false;
    for cassette in cassettes {
        no_refusal(&adapter.replay(cassette).await)?;

        if cassette.source.allow_hosts.is_empty() {
            own_hosts = true;
        } else if let Some(board) = OwnBoard::of(adapter, cassette) {
            own_hosts |= board.check(adapter).await?;
        }
    }

    if own_hosts {
        Ok(())
    } else {
        skipped(
            "all cassettes are of a test server, and without it the adapter makes no request; record one of the board",
        )
    }
}

fn no_refusal(replay: &Replay) -> RuleResult {
    let Some(RefusedRequest { request, why }) = replay.refused.first() else {
        return Ok(());
    };
    failed(format!(
        "{request} would be refused: {why}, or list the host in `hosts` of the manifest"
    ))
}

/// The board of a cassette that was recorded through a test server, at the hosts that the adapter
/// requests by itself.
struct OwnBoard<'c> {
    /// The source without the test server. Exchanges are added as they are requested.
    cassette: Cassette,
    /// The exchanges with the test server.
    recorded: &'c [Exchange],
    /// The addresses of the test server, from the options.
    servers: Vec<Url>,
}

impl<'c> OwnBoard<'c> {
    /// Removes the options that name the test server, and its permission. `None` if no option can be
    /// removed.
    fn of(adapter: &Adapter, recorded: &'c Cassette) -> Option<Self> {
        let mut cassette = Cassette {
            exchanges: Vec::new(),
            ..recorded.clone()
        };
        let Value::Object(options) = &mut cassette.source.options else {
            return None;
        };

        let allowed = std::mem::take(&mut cassette.source.allow_hosts);
        let servers = remove_servers(adapter, options, &AllowList::new(Vec::new(), allowed));
        (!servers.is_empty()).then_some(Self {
            cassette,
            recorded: &recorded.exchanges,
            servers,
        })
    }

    /// Scans until no further request has a response of the test server. Returns true if the adapter
    /// made a permitted request.
    async fn check(mut self, adapter: &Adapter) -> Result<bool, Verdict> {
        for _ in 0..MAX_REPLAYS {
            let replay = adapter.replay(&self.cassette).await;
            no_refusal(&replay)?;

            let found: Vec<Exchange> = replay
                .missing
                .iter()
                .flat_map(|request| self.responses_to(request))
                .collect();
            if found.is_empty() {
                return Ok(!self.cassette.exchanges.is_empty() || !replay.missing.is_empty());
            }
            self.cassette.exchanges.extend(found);
        }
        Ok(true)
    }

    /// Returns the exchanges of the test server with the path that this request has at the board.
    /// One of the two paths may have a prefix. Of several recorded paths that fit, the longest is the
    /// one.
    fn responses_to(&self, request: &Request) -> Vec<Exchange> {
        let path = &request.url[Position::BeforePath..];
        let fitting = self.recorded.iter().filter_map(|exchange| {
            let recorded = self.path_at_server(&exchange.request)?;
            let fits = path.ends_with(recorded) || recorded.ends_with(path);
            let at_board = Request {
                url: request.url.clone(),
                ..exchange.request.clone()
            };
            (fits && at_board.is_same(request)).then_some((recorded.len(), exchange))
        });

        let fitting: Vec<(usize, &Exchange)> = fitting.collect();
        let longest = fitting.iter().map(|(length, _)| *length).max();
        let best = fitting
            .into_iter()
            .filter(|(length, _)| Some(*length) == longest);
        best.map(|(_, exchange)| Exchange {
            request: request.clone(),
            outcome: exchange.outcome.clone(),
        })
        .collect()
    }

    /// Returns path and query of a recorded request below the address of the test server. `None` for
    /// a request to another host.
    fn path_at_server<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let url = request.url.as_str();
        let below = |server: &Url| {
            url.strip_prefix(server.as_str().trim_end_matches('/'))
                .filter(|path| path.starts_with(['/', '?']))
        };
        self.servers.iter().find_map(below)
    }
}

/// Removes the options whose value is the URL of an allowed host, and returns these URLs. An option
/// that the source must have, or from which the manifest takes a host, is kept: it names the board
/// itself.
fn remove_servers(
    adapter: &Adapter,
    source: &mut Map<String, Value>,
    allowed: &AllowList,
) -> Vec<Url> {
    let manifest = adapter.manifest();
    let names_board = |name: &str| {
        let target = HostTarget::Option(name.to_owned());
        options::required(manifest).any(|required| required == name)
            || manifest.hosts.iter().any(|host| host.target == target)
    };

    let mut servers = Vec::new();
    source.retain(|name, value| {
        let url = value.as_str().and_then(|text| Url::parse(text).ok());
        match url.filter(|url| allowed.check(url).is_ok()) {
            Some(url) if !names_board(name) => {
                servers.push(url);
                false
            }
            _ => true,
        }
    });
    servers
}
