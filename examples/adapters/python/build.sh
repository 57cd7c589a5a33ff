#!/bin/sh
# Builds example-board.wasm. Needs Python 3.10 or newer. Downloads componentize-py into .venv the first time.
set -e
cd "$(dirname "$0")"
if ! command -v python3 >/dev/null; then
  echo "build.sh: python3 is missing: apt install python3 python3-venv, or https://www.python.org" >&2
  exit 1
fi
if [ ! -x .venv/bin/componentize-py ]; then
  echo "build.sh: downloading componentize-py into .venv" >&2
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
fi
# -s builds without WASI.
.venv/bin/componentize-py --wit-path wit --world source-adapter \
  componentize -s --python-path src main --output example-board.wasm
