//! The contract as Rust types, generated from `wit/source-0.1`; adapters use what [`crate`] re-exports.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic,
    reason = "generated code: it crosses the boundary of the component by hand, and its docs are in the contract"
)]

wit_bindgen::generate!({
    path: "../../wit/source-0.1",
    world: "source-adapter",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    export_macro_name: "export_component",
    default_bindings_module: "job_scanner_sdk::bindings",
});
