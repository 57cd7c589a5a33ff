#!/usr/bin/env python3
"""A scanner as one writes it first in Python: one board after the other, one row per job, everything read each time.

It does what job-scanner's promise needs and no more: it reads three kinds of boards, turns HTML into text, recognizes
new and changed jobs by a hash, matches them and records each alert once. It has no sandbox, no validators, no limits.

Usage: peer.py BASE_URL FOLDER DATABASE
Scans the boards of the folder twice, and prints a JSON line per pass: its jobs, its alerts and its seconds of CPU.
"""

import hashlib
import html
import json
import re
import sys
import time
from datetime import datetime, timezone

import httpx
from bs4 import BeautifulSoup
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from boards import PATHS, boards_of


class Base(DeclarativeBase):
    pass


class Posting(Base):
    __tablename__ = "postings"
    key: Mapped[str] = mapped_column(primary_key=True)
    board: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    place: Mapped[str | None]
    text: Mapped[str]
    link: Mapped[str]
    version: Mapped[str]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class Notification(Base):
    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("posting", "version"),)
    number: Mapped[int] = mapped_column(primary_key=True)
    posting: Mapped[str] = mapped_column(ForeignKey("postings.key"))
    version: Mapped[str]
    created: Mapped[datetime]


def whole_words(words):
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words), re.IGNORECASE)


REQUIRED = whole_words(["engineer"])
ONE_OF_EACH = [whole_words(["remote", "hybrid", "san francisco"]), whole_words(["python", "rust", "go", "typescript"])]
EXCLUDED = whole_words(["intern", "director"])


def is_match(text):
    wanted = REQUIRED.search(text) and all(group.search(text) for group in ONE_OF_EACH)
    return bool(wanted) and not EXCLUDED.search(text)


def plain(markup):
    text = BeautifulSoup(html.unescape(markup or ""), "lxml").get_text(" ")
    return " ".join(text.split())


def listed(kind, response):
    """Yields the id, title, place, markup and link of each job of a response."""
    if kind == "greenhouse":
        for job in response["jobs"]:
            yield str(job["id"]), job["title"], (job.get("location") or {}).get("name"), job.get("content"), job["absolute_url"]
    elif kind == "lever":
        for job in response:
            yield job["id"], job["text"], job.get("categories", {}).get("location"), job.get("description"), job["hostedUrl"]
    else:
        for job in response["jobs"]:
            yield job["id"], job["title"], job.get("location"), job.get("descriptionHtml"), job["jobUrl"]


def digest(*parts):
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def scan_board(session, kind, name, response, now):
    """Stores the jobs of a board, and returns the numbers of jobs and of new alerts."""
    jobs, alerts = 0, 0
    for identity, title, place, markup, link in listed(kind, response):
        jobs += 1
        key, text = digest(kind, name, identity), plain(markup)
        version = digest(title, place, text)
        known = session.get(Posting, key)
        if known is None:
            known = Posting(key=key, board=f"{kind}/{name}", first_seen=now)
            session.add(known)
        elif known.version == version:
            known.last_seen = now
            continue
        known.title, known.place, known.text, known.link = title, place, text, link
        known.version, known.last_seen = version, now

        if is_match(f"{title}\n{place}\n{text}"):
            same = (Notification.posting == key, Notification.version == version)
            if session.scalar(select(Notification).where(*same)) is None:
                session.add(Notification(posting=key, version=version, created=now))
                alerts += 1
    return jobs, alerts


def main():
    base, folder, database = sys.argv[1:]
    engine = create_engine(f"sqlite:///{database}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode = WAL"))
    Base.metadata.create_all(engine)
    with httpx.Client(timeout=30) as client:
        for _ in range(2):
            began, jobs, alerts = time.process_time(), 0, 0
            for kind, name, _ in boards_of(folder):
                response = client.get(f"{base}/{kind}{PATHS[kind].format(name)}")
                response.raise_for_status()
                with Session(engine) as session:
                    now = datetime.now(timezone.utc)
                    more = scan_board(session, kind, name, response.json(), now)
                    session.commit()
                jobs, alerts = jobs + more[0], alerts + more[1]
            print(json.dumps({"jobs": jobs, "alerts": alerts, "cpu": time.process_time() - began}), flush=True)


if __name__ == "__main__":
    main()
