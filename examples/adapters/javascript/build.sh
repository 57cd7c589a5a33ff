#!/bin/sh
# Builds example-board.wasm. Needs Node.js 20 or newer. Downloads componentize-qjs into node_modules the first time.
set -e
cd "$(dirname "$0")"
if ! command -v npm >/dev/null; then
  echo "build.sh: npm is missing: apt install npm, or https://nodejs.org" >&2
  exit 1
fi
if [ ! -x node_modules/.bin/componentize-qjs ]; then
  echo "build.sh: downloading componentize-qjs into node_modules" >&2
  npm install --no-audit --no-fund --loglevel=error >&2
fi
node_modules/.bin/componentize-qjs --wit wit --js src/main.js --module-root . --world source-adapter \
  --sync --stub-wasi --output example-board.wasm
