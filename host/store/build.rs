//! Rebuilds the crate when a migration is added: Cargo tracks only Rust files by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
