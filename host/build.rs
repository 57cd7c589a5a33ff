//! Rebuilds when what is embedded changes: new migrations and the contract are no Rust files.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=../wit");
}
