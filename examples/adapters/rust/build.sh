#!/bin/sh
# Builds example-board.wasm. Needs Rust with its target wasm32-unknown-unknown, or in RUSTC a compiler that works
# without the target. CARGO_BUILD_ARGUMENTS are passed to cargo.
set -e
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
if ! command -v cargo >/dev/null; then
  echo "build.sh: cargo is missing: install Rust from https://rustup.rs" >&2
  exit 1
fi
if [ -z "$RUSTC" ] && ! [ -d "$(rustc --print target-libdir --target $target)" ]; then
  echo "build.sh: Rust's target $target is missing: rustup target add $target, or set RUSTC (README.md)" >&2
  exit 1
fi
# Set explicitly, since cargo's configuration may name another folder.
built=${CARGO_TARGET_DIR:-target}
# shellcheck disable=SC2086 # several arguments
cargo build --release --quiet --target-dir "$built" --target $target $CARGO_BUILD_ARGUMENTS
cp "$built/$target/release/adapter_example_board.wasm" example-board.wasm
