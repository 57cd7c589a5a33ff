"""The board's URLs, and the conversion of its responses to raw jobs.

Unused fields are not mentioned, and the board may add new ones.
"""

from dataclasses import dataclass, field
from urllib.parse import quote

from componentize_py_types import Err
from wit_world.imports.http import Redirects, Request
from wit_world.imports.types import Description_Html, Header, Location, RawJob, Workplace

from web import unexpected

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
    jobs: list = field(default_factory=list)
    warnings: list = field(default_factory=list)


def listing_request(source, page, conditional):
    """Returns the request for a page of the listing, counted from 1."""
    department = "" if source.department is None else f"&department={quote(source.department, safe='')}"
    return get(f"{source.url}/jobs?page={page}{department}", conditional)


def details_request(source, external_id):
    """Returns the request for the details of one job."""
    return get(f"{source.url}/jobs/{quote(external_id, safe='')}", False)


def get(url, conditional):
    return Request("GET", url, [Header("Accept", "application/json")], None, conditional, True, Redirects.FOLLOW)


def read_listing(answer):
    """Reads a page of the listing."""
    if not isinstance(answer, dict) or not isinstance(answer.get("jobs"), list):
        raise unexpected("jobs: expected a list")
    if not is_count(answer.get("total")):
        raise unexpected("total: expected a number")
    if answer.get("next") is not None and not is_count(answer["next"]):
        raise unexpected("next: expected a number or null")
    listing = Listing(answer["total"], answer.get("next"))
    for index, entry in enumerate(answer["jobs"]):
        try:
            listing.jobs.append(listed_job(entry))
        except Err as error:
            listing.warnings.append(f"jobs[{index}].{error.value.value}")
    return listing


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
