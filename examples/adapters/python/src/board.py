"""The board's URLs, and the conversion of its responses to raw jobs.

Unused fields are not mentioned, and the board may add new ones.
"""

from dataclasses import dataclass
from urllib.parse import quote

from wit_world.imports.types import Description_Html, Location, RawJob, Workplace

from contract import read_jobs, unexpected
from web import get

BOARD = "https://api.jobs.example"
WORKPLACES = {"on-site": Workplace.ON_SITE, "hybrid": Workplace.HYBRID, "remote": Workplace.REMOTE}


class Source:
    """A company on the board, with its configured options."""

    def __init__(self, company, options):
        base = options.get("base_url", BOARD).rstrip("/")
        self.url = f"{base}/companies/{quote(company, safe='')}"
        self.department = options.get("department")


@dataclass
class Listing:
    """A page of the listing."""

    total: int
    next: int | None
    jobs: list
    warnings: list


def listing_request(source, page, conditional):
    """Returns the request for a page of the listing, counted from 1."""
    department = "" if source.department is None else f"&department={quote(source.department, safe='')}"
    return get(f"{source.url}/jobs?page={page}{department}", conditional)


def details_request(source, external_id):
    """Returns the request for the details of one job."""
    return get(f"{source.url}/jobs/{quote(external_id, safe='')}", False)


def read_listing(answer):
    """Reads a page of the listing."""
    if not isinstance(answer, dict) or not is_count(answer.get("total")):
        raise unexpected("total: expected a number")
    if answer.get("next") is not None and not is_count(answer["next"]):
        raise unexpected("next: expected a number or null")
    jobs, warnings = read_jobs(answer.get("jobs"), listed_job)
    return Listing(answer["total"], answer.get("next"), jobs, warnings)


def listed_job(entry):
    """Reads a job of the listing. Fields that the board does not give stay None."""
    changed = text(entry, "changed")
    return RawJob(
        external_id=needed(entry, "id"), title=needed(entry, "title"), url=needed(entry, "url"),
        apply_url=None, company=None, department=None, locations=[], workplace=None, employment_type=None, salary=None,
        description=None, language=None, posted_at=None, updated_at=changed, expires_at=None,
        # This board sets it exactly when the job changes.
        revision=changed,
        extra=[],
    )


def add_details(job, details):
    """Adds the details to a job."""
    location, html = text(details, "location"), text(details, "description")
    job.department = text(details, "department")
    if location is not None:
        job.locations.append(Location(location, None, None, None))
    job.workplace = WORKPLACES.get(text(details, "workplace"))
    if html is not None:
        job.description = Description_Html(html)
    job.posted_at = text(details, "published")


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0xFFFFFFFF


def text(entry, key):
    """Reads a text field: None if it is missing, null or blank."""
    value = entry.get(key) if isinstance(entry, dict) else None
    if value is None:
        return None
    if not isinstance(value, str):
        raise unexpected(f"{key}: expected text")
    return None if value.strip() == "" else value


def needed(entry, key):
    value = text(entry, key)
    if value is None:
        raise unexpected(f"{key}: expected text")
    return value
