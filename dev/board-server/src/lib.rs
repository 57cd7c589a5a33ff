//! A job-board server on loopback for development, whole-program tests, the demo and benchmarks.
//!
//! A [`BoardServer`] serves [`Board`]s, each under a token, in the format of every [`Api`] that it
//! supports. A test builds a board from jobs ([`job`]) or [generates](generate::board) one from a
//! seed. It can change a board between two scans and make it [fail](Failure). The server keeps a
//! [record](RequestRecord) of each request.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use job_scanner_board_server::{Api, Board, BoardServer, Failure, job};
//!
//! let server = BoardServer::start().await?;
//! server.set_board("acme", Board::new([job(1).title("Rust Engineer").location("Remote; Berlin, Germany")]));
//! let base_url = server.api_url(Api::Greenhouse); // a source's `options.base_url`
//! server.edit_board("acme", |board| board.add(job(2).title("Platform Intern")));
//! server.fail("acme", Failure::status(500));
//! server.heal("acme");
//! # Ok(()) }
//! ```
//!
//! Not here: responses of real boards. The served responses have the documented format and made-up
//! content.

mod api;
mod board;
mod failure;
pub mod generate;
mod log;
mod response;
mod server;
mod state;
mod validator;

pub use api::Api;
pub use board::{Board, BoardJob, Employment, Metadata, Office, Salary, Workplace, job};
pub use failure::{Failure, FailureSyntaxError};
pub use log::RequestRecord;
pub use server::BoardServer;
