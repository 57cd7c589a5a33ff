//! One mistake per identifier, each of which the compiler accepts. `rust.txt` has the message that `panics` of the
//! templates makes of each.

mod panics;
#[allow(dead_code, reason = "the mistakes send no requests")]
mod web;

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "source-adapter" });
}

use bindings::exports::job_scanner::source::adapter::Guest;
use bindings::job_scanner::source::types::{FetchRequest, Outcome, SourceError};

struct Adapter;

bindings::export!(Adapter with_types_in bindings);

impl Guest for Adapter {
    fn describe() -> String {
        include_str!("../manifest.json").to_owned()
    }

    fn fetch_jobs(request: FetchRequest) -> Result<Outcome, SourceError> {
        panics::log_them();
        let titles: Vec<&str> = Vec::new();
        match request.identifier.as_str() {
            "panics" => panic!("not yet"),
            "unwraps-none" => Err(web::unexpected(titles.first().unwrap())),
            "unwraps-an-error" => Err(web::unexpected(&"seven".parse::<u8>().unwrap().to_string())),
            "index-out-of-range" => Err(web::unexpected(titles[request.identifier.len()])),
            other => Err(web::unexpected(&format!("the mistake `{other}` does not exist"))),
        }
    }
}
