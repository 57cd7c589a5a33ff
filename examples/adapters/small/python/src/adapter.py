"""Example: companies whose jobs are at `jobs.example/COMPANY`. The board returns all jobs of a company at once.

`web.py` contains the meaning of statuses and failures, and `contract.py` checks what is returned here.
"""

from urllib.parse import quote

from wit_world.imports.types import Coverage, Description_Html, Location, Outcome_NotModified, Outcome_Page, Page, RawJob

from contract import read_jobs
from web import decode, get, send


def fetch_jobs(request):
    """Returns all jobs of a company."""
    company = quote(request.identifier, safe="")
    response = send(get(f"https://api.jobs.example/companies/{company}/openings", conditional=True))
    if response.unchanged:
        return Outcome_NotModified()

    openings = decode(response)["openings"]
    jobs, warnings = read_jobs(openings, read_job)
    # The total lets the host notice that a job could not be read: it closes no job because of that.
    return Outcome_Page(Page(
        jobs=jobs, next=None, state=None, total=len(openings), coverage=Coverage.COMPLETE, warnings=warnings,
    ))


def read_job(opening):
    """Converts an opening of the board to a job. wit/source.wit explains the fields. None is unknown."""
    city, text = opening.get("city"), opening.get("text")
    return RawJob(
        external_id=opening["id"],
        title=opening["title"],
        url=opening["url"],
        locations=[Location(name=city, city=None, region=None, country=None)] if city else [],
        description=Description_Html(text) if text else None,
        posted_at=opening.get("published"),
        apply_url=None, company=None, department=None, workplace=None, employment_type=None, salary=None, language=None,
        updated_at=None, expires_at=None, revision=None, extra=[],
    )
