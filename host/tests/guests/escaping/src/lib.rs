//! An adapter that tries to leave the sandbox through WASI: files, the environment, sockets, name
//! lookups, and the end of the process.

#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    reason = "generated code crosses the boundary"
)]

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, Page, RawJob, SourceError, export_adapter};

use wasi::cli::{environment, exit};
use wasi::filesystem::preopens;
use wasi::sockets::network::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use wasi::sockets::{instance_network, ip_name_lookup, tcp_create_socket};

wit_bindgen::generate!({ path: "wit", generate_all });

struct Escaping;

export_adapter!(Escaping);

#[derive(serde::Deserialize)]
struct Options {
    #[serde(default)]
    port: u16,
    #[serde(default)]
    exit: bool,
}

impl Adapter for Escaping {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    /// Returns one job, whose title lists what the adapter found.
    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: Options = request.read_options()?;
        if options.exit {
            exit::exit(Ok(()));
        }
        // WASI names a file by its path in a preopened folder. Without such a folder, no file can
        // be named, not even `/etc/passwd`.
        let folders = preopens::get_directories().len();
        let variables = environment::get_environment().len();
        let arguments = environment::get_arguments().len();
        let (connection, name) = (connect(options.port), look_up("localhost"));
        let title = format!(
            "{folders} folders, {variables} variables, {arguments} arguments, connection {connection}, name {name}"
        );
        Ok(Outcome::Page(Page::whole_board(vec![RawJob::new(
            "1",
            title,
            "https://jobs.example/1",
        )])))
    }
}

fn connect(port: u16) -> String {
    let network = instance_network::instance_network();
    let address = IpSocketAddress::Ipv4(Ipv4SocketAddress {
        port,
        address: (127, 0, 0, 1),
    });
    let connected = tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4)
        .and_then(|socket| socket.start_connect(&network, address));
    connected.map_or_else(|error| error.name().to_owned(), |()| "begun".to_owned())
}

fn look_up(name: &str) -> String {
    let network = instance_network::instance_network();
    let found = ip_name_lookup::resolve_addresses(&network, name);
    found.map_or_else(|error| error.name().to_owned(), |_| "found".to_owned())
}
