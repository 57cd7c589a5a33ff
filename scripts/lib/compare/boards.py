#!/usr/bin/env python3
"""Serves a folder of boards on loopback, below the name of their kind, with validators. Prints its address.

Usage: boards.py FOLDER     (the folder that scripts/compare-with-python describes)
"""

import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

# The path of a board below the base URL of its kind.
PATHS = {"greenhouse": "/v1/boards/{}/jobs", "lever": "/v0/postings/{}", "ashby": "/posting-api/job-board/{}"}


def boards_of(folder):
    """Returns the kind, the identifier and the file of each board."""
    files = [(kind, file) for kind in PATHS for file in sorted((Path(folder) / kind).glob("*.json"))]
    return [(kind, file.stem, file) for kind, file in files]


def handler(folder):
    responses = {}
    for kind, name, file in boards_of(folder):
        body = file.read_bytes()
        tag = '"' + hashlib.sha256(body).hexdigest() + '"'
        responses[f"/{kind}" + PATHS[kind].format(name)] = (body, tag)

    class Boards(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            url = urlsplit(self.path)
            body, tag = responses.get(url.path, (None, None))
            if body is None:
                self.respond(404, b"{}", None)
            elif parse_qs(url.query).get("skip", ["0"]) != ["0"]:
                # The first page has all jobs.
                self.respond(200, b"[]", None)
            elif self.headers.get("If-None-Match") == tag:
                self.respond(304, b"", tag)
            else:
                self.respond(200, body, tag)

        def respond(self, status, body, tag):
            self.send_response(status)
            if tag:
                self.send_header("ETag", tag)
            if status != 304:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Boards


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(sys.argv[1]))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
