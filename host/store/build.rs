//! Rebuilds when a migration is added: cargo knows Rust files alone.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
