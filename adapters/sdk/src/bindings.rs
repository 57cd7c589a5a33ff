//! The contract as Rust types, generated from `wit/source-0.1`.
//!
//! Adapters use the re-exports of [`crate`] instead.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic,
    reason = "generated code, which passes raw pointers to the host; its docs are in the contract"
)]

wit_bindgen::generate!({
    path: "../../wit/source-0.1",
    world: "source-adapter",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    export_macro_name: "export_component",
    default_bindings_module: "job_scanner_sdk::bindings",
});

/// The export of a [`DetailedAdapter`](crate::DetailedAdapter), in addition to those of the
/// adapter.
pub mod details {
    wit_bindgen::generate!({
        path: "../../wit/source-0.1",
        inline: "
            package job-scanner:sdk;
            world details { export job-scanner:source/details@0.1.0; }
        ",
        world: "job-scanner:sdk/details",
        with: { "job-scanner:source/types@0.1.0": crate::bindings::job_scanner::source::types },
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_details",
        default_bindings_module: "job_scanner_sdk::bindings::details",
    });
}
