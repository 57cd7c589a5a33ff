//! Rebuilds when the contract changes: cargo knows Rust files alone.

fn main() {
    println!("cargo:rerun-if-changed=../../wit");
}
