//! Adapters written in WebAssembly text, for components that no Rust compiler would produce.

use job_scanner_core::adapter::{Accepted, Grants, LockFile};
use sha2::{Digest as _, Sha256};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::support::World;

/// The manifest of a [`component`] by default.
pub(crate) const MANIFEST: &str = r#"{"name": "strange", "version": "1"}"#;

/// WASI imports for waiting: `$after` creates something that is ready after this many nanoseconds,
/// and `$wait` waits for it.
pub(crate) const WAITING: &str = r#"
    (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $after (param i64) (result i32)))
    (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $wait (param i32)))"#;
/// Waits for 584 years.
pub(crate) const FOR_EVER: &str = "(call $wait (call $after (i64.const -1)))";

/// The contract, and the parts of WASI that the modules of tests import.
const WORLD: &str = "
    package tests:strange;

    package wasi:io@0.2.0 {
        interface poll { resource pollable { block: func(); } }
    }

    package wasi:clocks@0.2.0 {
        interface monotonic-clock {
            use wasi:io/poll@0.2.0.{pollable};
            subscribe-duration: func(when: u64) -> pollable;
        }
    }

    world strange {
        import wasi:io/poll@0.2.0;
        import wasi:clocks/monotonic-clock@0.2.0;
        include job-scanner:source/source-adapter@0.1.0;
    }";

/// The parts of an adapter that a test writes itself.
pub(crate) struct Parts<'a> {
    /// The manifest. Its text begins at address 64; its address and its length are at address 16.
    pub(crate) manifest: &'a str,
    /// Imports, and then any other items of the module.
    pub(crate) module: &'a str,
    /// The body of `describe`; returns the address of an address and a length.
    pub(crate) describe: &'a str,
    /// The body of `fetch-jobs`.
    pub(crate) fetch_jobs: &'a str,
    /// The body of the allocator, which makes room for arguments; returns an address.
    pub(crate) realloc: &'a str,
}

/// An adapter that returns its manifest, and traps when the host requests jobs.
impl Default for Parts<'_> {
    fn default() -> Self {
        Self {
            manifest: MANIFEST,
            module: "",
            describe: "i32.const 16",
            fetch_jobs: "unreachable",
            realloc: "i32.const 65536",
        }
    }
}

/// Returns the component with these parts.
pub(crate) fn component(parts: &Parts<'_>) -> Vec<u8> {
    let Parts {
        manifest,
        module,
        describe,
        fetch_jobs,
        realloc,
    } = parts;
    let length = u32::try_from(manifest.len()).unwrap();
    let (place, manifest) = (
        [64_u32.to_le_bytes(), length.to_le_bytes()].concat(),
        data(manifest.as_bytes()),
    );
    let place = data(&place);
    let name = "job-scanner:source/adapter@0.1.0";
    // A `fetch-request` is fourteen numbers. Its strings overwrite those of the previous request.
    let request = "i32 ".repeat(14);
    let text = format!(
        r#"(module
            {module}
            (memory (export "memory") 17)
            (data (i32.const 16) "{place}")
            (data (i32.const 64) "{manifest}")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
            (func (export "{name}#describe") (result i32) {describe})
            (func (export "{name}#fetch-jobs") (param {request}) (result i32) {fetch_jobs}))"#
    );
    let mut module = ::wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut resolve = Resolve::default();
    resolve
        .push_source(
            "source.wit",
            include_str!("../../../wit/source-0.1/source.wit"),
        )
        .unwrap();
    let package = resolve.push_source("world.wit", WORLD).unwrap();
    let world = resolve.select_world(&[package], Some("strange")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default()
        .module(&module)
        .unwrap()
        .encode()
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// Returns the component with further core modules, each with one instance.
pub(crate) fn with_modules(mut component: Vec<u8>, modules: &[&str]) -> Vec<u8> {
    const CORE_MODULE: u8 = 1;
    const CORE_INSTANCE: u8 = 2;

    let known = sections(&component)
        .into_iter()
        .filter(|id| *id == CORE_MODULE)
        .count();
    for (number, module) in modules.iter().enumerate() {
        let module = ::wat::parse_str(module).unwrap_or_else(|error| panic!("{error}"));
        component.extend([CORE_MODULE, u8::try_from(module.len()).unwrap()]);
        component.extend(module);
        // One instance of that module, without arguments.
        let index = u8::try_from(known + number).unwrap();
        component.extend([CORE_INSTANCE, 4, 1, 0, index, 0]);
    }
    component
}

/// Returns the kinds of the sections that follow the header of a component.
fn sections(component: &[u8]) -> Vec<u8> {
    let mut rest = &component[8..];
    let mut kinds = Vec::new();
    while let [kind, behind @ ..] = rest {
        let width = behind.iter().take_while(|byte| **byte >= 0x80).count() + 1;
        let length = behind[..width]
            .iter()
            .rev()
            .fold(0, |length, byte| length << 7 | usize::from(byte & 0x7f));
        kinds.push(*kind);
        rest = &behind[width + length..];
    }
    kinds
}

/// Returns bytes in the notation of a module's text.
pub(crate) fn data(bytes: &[u8]) -> String {
    hex(bytes, "\\")
}

fn hex(bytes: &[u8], before_each: &str) -> String {
    bytes.iter().fold(String::new(), |text, byte| {
        format!("{text}{before_each}{byte:02x}")
    })
}

/// Adds a component to a world as `strange`, with its digest in the lock file, as if the operator
/// had accepted it.
pub(crate) fn put_accepted(world: &World, component: &[u8]) {
    world.put_adapter("strange", component);
    let path = world.folder().join("adapters/adapters.lock");
    let mut lock = LockFile::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let digest = hex(&Sha256::digest(component), "");
    lock.insert(
        "strange.wasm",
        Accepted {
            sha256: digest.parse().unwrap(),
            grants: Grants::default(),
        },
    );
    std::fs::write(&path, lock.to_string()).unwrap();
}
