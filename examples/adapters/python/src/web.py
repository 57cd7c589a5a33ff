"""Requests through the host, and the handling of their responses. Errors are the contract's `source-error`."""

import json

from componentize_py_types import Err
from wit_world.imports import http
from wit_world.imports.http import (
    HttpError_Connect, HttpError_Denied, HttpError_Dns, HttpError_InvalidRequest, HttpError_Other, HttpError_Protocol,
    HttpError_Timeout, HttpError_Tls, Redirects, Request,
)
from wit_world.imports.types import (
    Header, SourceError_Network, SourceError_NotFound, SourceError_Other, SourceError_RateLimited,
    SourceError_Unauthorized, SourceError_Upstream,
)

from contract import check_requests, unexpected

# The number of concurrent requests. The contract allows 256, but the host holds their responses in memory together.
SIDE_BY_SIDE = 50


def get(url, conditional):
    """Returns a GET request for JSON. If it is conditional, the response may say that it is `unchanged`."""
    return Request("GET", url, [Header("Accept", "application/json")], None, conditional, True, Redirects.FOLLOW)


def send(request):
    """Sends one request and returns its response, if that is successful."""
    return successful(next(send_all([request])))


def send_all(requests):
    """Sends requests in batches, as their responses are consumed. The host waits and retries where that helps."""
    check_requests(requests)
    for at in range(0, len(requests), SIDE_BY_SIDE):
        yield from http.send_all(requests[at : at + SIDE_BY_SIDE])


def successful(answer):
    """Returns the response, or raises the contract's error for its status."""
    if isinstance(answer, Err):
        raise no_answer(answer.value)
    if not 200 <= answer.value.status <= 299:
        raise refused(answer.value)
    return answer.value


def decode(response):
    """Parses the body of a response as JSON."""
    try:
        return json.loads(response.body)
    except ValueError as error:
        raise unexpected(f"{error}: {response.body[:100]!r}") from None


def refused(response):
    words = f"{response.url} returned {response.status}"
    pause = retry_after(response)
    match response.status:
        case 404 | 410:
            return Err(SourceError_NotFound(words))
        case 401 | 403:
            return Err(SourceError_Unauthorized(words))
        case 429:
            return Err(SourceError_RateLimited(pause))
        case 503 if pause is not None:
            return Err(SourceError_RateLimited(pause))
        # The host did not follow this redirect.
        case status if status < 400:
            return unexpected(words)
        case status:
            return Err(SourceError_Upstream((status, response.url)))


def retry_after(response):
    """Returns the pause in seconds."""
    values = [header.value for header in response.headers if header.name.lower() == "retry-after"]
    return int(values[0]) if values and values[0].isascii() and values[0].isdigit() and len(values[0]) < 10 else None


def no_answer(error):
    match error:
        case HttpError_Timeout():
            return Err(SourceError_Network("no answer in time"))
        case HttpError_Dns(words) | HttpError_Connect(words) | HttpError_Tls(words) | HttpError_Protocol(words):
            return Err(SourceError_Network(words))
        case HttpError_Denied(words):
            return Err(SourceError_Other(("denied", words)))
        case HttpError_InvalidRequest(words):
            return Err(SourceError_Other(("invalid-request", words)))
        case HttpError_Other(value):
            return Err(SourceError_Other(value))
        case _:
            return Err(SourceError_Other(("limit", repr(error))))
