#!/bin/sh
# Builds example-board.wasm. Needs Rust with its target wasm32-unknown-unknown, or in RUSTC a compiler that works
# without the target. CARGO_BUILD_ARGUMENTS are passed to cargo. Installs nothing except the libraries in Cargo.lock.
set -e
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
fail() {
  echo "build.sh: $*" >&2
  exit 1
}
if ! command -v cargo >/dev/null; then
  fail "cargo is missing: install Rust with rustup (https://rustup.rs), open a new shell and build again"
fi
compiler=${RUSTC:-rustc}
if ! libraries=$("$compiler" --print target-libdir --target $target); then
  fail "$compiler does not run: see its message above, or install Rust with rustup (https://rustup.rs)"
fi
if [ -z "$RUSTC" ] && ! [ -d "$libraries" ]; then
  if command -v rustup >/dev/null; then
    fail "Rust's target for WebAssembly is missing: run \`rustup target add $target\` and build again. If that is not" \
      "possible, README.md says how to build with another compiler"
  fi
  fail "Rust's target for WebAssembly is missing, and this Rust was installed without rustup, which installs targets:" \
    "install Rust with rustup (https://rustup.rs), then run \`rustup target add $target\` and build again"
fi
host=$("$compiler" -vV | sed -n 's/^host: //p')
tools=$("$compiler" --print sysroot)/lib/rustlib/$host/bin
if ! [ -x "$tools/wasm-component-ld" ] && ! command -v wasm-component-ld >/dev/null; then
  fail "the linker wasm-component-ld is missing: it ships with Rust 1.85 and newer, so run \`rustup update\`." \
    "If RUSTC names another compiler, add the folder of the linker to PATH (README.md)"
fi
# Set explicitly, since cargo's configuration may name another folder.
built=${CARGO_TARGET_DIR:-target}
if ! [ -d "$built/$target/release" ]; then
  how_long="about a minute"
  if [ -n "$CARGO_BUILD_ARGUMENTS" ]; then how_long="some minutes"; fi
  echo "build.sh: downloading and compiling the libraries, which takes $how_long the first time" >&2
fi
# shellcheck disable=SC2086 # several arguments
cargo build --release --target-dir "$built" --target $target $CARGO_BUILD_ARGUMENTS
cp "$built/$target/release/adapter_example_board.wasm" example-board.wasm
