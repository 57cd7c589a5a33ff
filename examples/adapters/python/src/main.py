"""The exports of the contract. Each calls a function of `adapter.py`, and `contract.py` checks the result."""

import sys
from pathlib import Path

from wit_world import exports
from wit_world.imports.log import Level, log
from wit_world.imports.types import Outcome

# First, since it replaces the clock, which `adapter` may import.
from contract import guarded

from adapter import fetch_jobs

# Read while the adapter is built: it cannot read files at run time.
MANIFEST = (Path(__file__).parent / "manifest.json").read_text(encoding="utf-8")


class Adapter(exports.Adapter):
    def describe(self):
        return MANIFEST

    def fetch_jobs(self, request):
        return guarded(fetch_jobs, Outcome, request)


class Log:
    """Output of `print()`. An adapter has no standard output, so each text becomes a message in the host's log."""

    def write(self, text):
        if text.strip():
            log(Level.INFO, text)

    def flush(self):
        pass


sys.stdout = sys.stderr = Log()
