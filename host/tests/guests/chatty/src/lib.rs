//! An adapter that writes to WASI's standard output and error, as the runtimes of other languages
//! do, for the tests of the sandbox. It imports nothing else of WASI.

#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    reason = "generated code crosses the boundary"
)]

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, Page, RawJob, SourceError, export_adapter};

wit_bindgen::generate!({
    inline: "
        package job-scanner:chatty;

        world output {
            import wasi:cli/stdout@0.2.0;
            import wasi:cli/stderr@0.2.0;
        }

        package wasi:io@0.2.0 {
            interface error {
                resource error;
            }
            interface streams {
                use error.{error};
                variant stream-error { last-operation-failed(error), closed }
                resource output-stream {
                    blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
                }
            }
        }

        package wasi:cli@0.2.0 {
            interface stdout {
                use wasi:io/streams@0.2.0.{output-stream};
                get-stdout: func() -> output-stream;
            }
            interface stderr {
                use wasi:io/streams@0.2.0.{output-stream};
                get-stderr: func() -> output-stream;
            }
        }
    ",
    generate_all,
});

struct Chatty;

export_adapter!(Chatty);

impl Adapter for Chatty {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    /// Returns one job, after it has written ten thousand lines to standard output, and four
    /// megabytes without a line break to standard error.
    fn fetch_jobs(_: &FetchRequest) -> Result<Outcome, SourceError> {
        let (stdout, stderr) = (
            wasi::cli::stdout::get_stdout(),
            wasi::cli::stderr::get_stderr(),
        );
        let failed = |error| SourceError::Other(("output".to_owned(), format!("{error:?}")));
        for line in 1..=10_000 {
            stdout
                .blocking_write_and_flush(format!("line {line} of a flood\n").as_bytes())
                .map_err(failed)?;
        }
        for _ in 0..1024 {
            stderr
                .blocking_write_and_flush(&[b'x'; 4096])
                .map_err(failed)?;
        }
        Ok(Outcome::Page(Page::whole_board(vec![RawJob::new(
            "1",
            "Engineer",
            "https://jobs.example/1",
        )])))
    }
}
