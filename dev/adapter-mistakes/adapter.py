"""One mistake per identifier, each of which the build accepts.

`python.txt` has the message that `src/contract.py` of the templates makes of each.
"""

import sys
import time
from dataclasses import replace
from datetime import date, datetime

from componentize_py_types import Err
from wit_world.imports.types import (
    Coverage, Description_Html, Location, Outcome_NotModified, Outcome_Page, Page, RawJob, Salary,
    SourceError_Upstream,
)

import web


def raw_job(**fields):
    nothing = dict.fromkeys(RawJob.__dataclass_fields__)
    return RawJob(**{**nothing, "external_id": "1", "title": "Cook", "url": "https://jobs.example/1", "locations": [],
                     "extra": [], **fields})


def page(*jobs, total=None, following=None, coverage=Coverage.COMPLETE):
    return Outcome_Page(Page(list(jobs), following, None, total, coverage, []))


def job(**fields):
    return page(raw_job(), raw_job(**fields))


def with_unknown_field():
    cook = raw_job()
    cook.titel = "Cook"
    return page(cook)


def raised(error):
    raise error


async def asynchronous():
    return page()


MISTAKES = {
    "title-missing": lambda: RawJob(external_id="1", url="https://jobs.example/1"),
    "title-is-none": lambda: job(title=None),
    "title-misspelt": with_unknown_field,
    "id-is-a-number": lambda: job(external_id=7),
    "url-is-bytes": lambda: job(url=b"https://jobs.example/1"),
    "locations-are-none": lambda: job(locations=None),
    "location-is-a-string": lambda: job(locations=["Bern"]),
    "location-has-no-name": lambda: job(locations=[Location("Bern", 7, None, None)]),
    "description-is-a-string": lambda: job(description="<p>Cook</p>"),
    "description-is-a-number": lambda: job(description=Description_Html(7)),
    "workplace-is-a-string": lambda: job(workplace="remote"),
    "salary-is-a-string": lambda: job(salary=Salary("40000", None, None, None, None)),
    "extra-is-a-dict": lambda: job(extra={"team": "kitchen"}),
    "extra-is-no-pair": lambda: job(extra=[("team",)]),
    "half-a-character": lambda: job(title="\ud83c"),
    "jobs-are-a-dict": lambda: Outcome_Page(Page({"1": raw_job()}, None, None, None, Coverage.COMPLETE, [])),
    "job-is-a-dict": lambda: page({"title": "Cook"}),
    "page-without-outcome": lambda: page(raw_job()).value,
    "outcome-is-a-class": lambda: Outcome_NotModified,
    "returns-nothing": lambda: None,
    "returns-an-err": lambda: Err(SourceError_Upstream((500, "down"))),
    "total-is-a-string": lambda: page(total="1"),
    "total-is-negative": lambda: page(total=-1),
    "next-is-a-number": lambda: page(following=2),
    "coverage-is-a-string": lambda: page(coverage="complete"),
    "is-async": asynchronous,
    "raises-an-error": lambda: raised(ValueError("not yet")),
    "raises-a-wrong-value": lambda: raised(Err(SourceError_Upstream(500))),
    "raises-a-string-in-err": lambda: raised(Err("not yet")),
    "field-of-none": lambda: page(raw_job(title=None.strip())),
    "recurses-for-ever": lambda: MISTAKES["recurses-for-ever"](),
    "request-is-wrong": lambda: web.send("https://api.jobs.example"),
    "request-has-wrong-headers": lambda: web.send(replace(web.get("https://api.jobs.example", False), headers={})),
    "exits": sys.exit,
    "calls-now": lambda: job(posted_at=datetime.now().isoformat()),
    "calls-today": lambda: job(posted_at=date.today().isoformat()),
    "calls-time": lambda: job(posted_at=str(time.time())),
    # Not mistakes.
    "parses-a-date": lambda: job(external_id="2", posted_at=str(datetime.strptime("2.11.2026", "%d.%m.%Y").date())),
    "prints": lambda: print("Cook") or page(raw_job()),
    "int-is-a-number": lambda: job(external_id="2", salary=Salary(40000, 40000.5, "CHF", None, None)),
}


def fetch_jobs(request):
    return MISTAKES[request.identifier]()
