"""Example: companies whose jobs are at `jobs.example/COMPANY`.

The board lists jobs in pages and returns the rest of each job in a separate response. This file contains the scan.
`board.py` contains the board's URLs and responses, `web.py` the meaning of statuses and failures, and `contract.py`
checks what is returned here.
"""

import json

from componentize_py_types import Err
from wit_world.imports.log import Level, log
from wit_world.imports.types import (
    Coverage, Outcome_NotModified, Outcome_Page, Page, SourceError_NotFound, SourceError_UnexpectedResponse,
)

import board
import web
from contract import unexpected


def fetch_jobs(request):
    """Returns a page of the source's jobs."""
    source = board.Source(request.identifier, json.loads(request.options))
    # The number of pages that the last complete scan read.
    known = int(request.state or 0)
    if request.cursor is None and known > 0 and is_unchanged(source, known):
        return Outcome_NotModified()

    page = int(request.cursor or 1)
    # The host has nothing stored for a page beyond the known ones: it returns the body, and stores its validators
    # for the next scan.
    response = web.send(board.listing_request(source, page, conditional=page > known))
    listing = board.read_listing(web.decode(response))
    log(Level.DEBUG, f"page {page} has {len(listing.jobs)} of {listing.total} jobs")
    warnings = listing.warnings
    jobs = with_details(source, listing.jobs[: request.max_jobs], warnings)
    # One malformed job does not hide the others. If all of them are malformed, the board changed.
    if not jobs and warnings:
        raise unexpected(warnings[0])
    following = None if listing.next is None else str(listing.next)
    return Outcome_Page(Page(jobs, following, str(page), listing.total, Coverage.COMPLETE, warnings))


def is_unchanged(source, pages):
    """Returns True if no page of the listing has changed.

    A job that changes gets a different `changed` in the listing, so there is nothing more to request.
    """
    requests = [board.listing_request(source, page, conditional=True) for page in range(1, pages + 1)]
    return all(not isinstance(answer, Err) and answer.value.unchanged for answer in web.send_all(requests))


def with_details(source, listed, warnings):
    """Returns the jobs with their details, requested concurrently. A job that cannot be read becomes a warning."""
    answers = web.send_all([board.details_request(source, job.external_id) for job in listed])
    jobs = []
    for job, answer in zip(listed, answers):
        try:
            board.add_details(job, web.decode(web.successful(answer)))
        except Err as error:
            match error.value:
                # Not every job has details. This one has only the fields of the listing.
                case SourceError_NotFound():
                    pass
                case SourceError_UnexpectedResponse(words):
                    warnings.append(f"job {job.external_id}: {words}")
                    continue
                case _:
                    raise
        jobs.append(job)
    return jobs
