"""Requests through the host, and the handling of their responses. Errors are the contract's `source-error`."""

import json

from componentize_py_types import Err
from wit_world.imports import http
from wit_world.imports.http import (
    HttpError_Connect, HttpError_Denied, HttpError_Dns, HttpError_InvalidRequest, HttpError_Other, HttpError_Protocol,
    HttpError_Timeout, HttpError_Tls,
)
from wit_world.imports.types import (
    SourceError_Network, SourceError_NotFound, SourceError_Other, SourceError_RateLimited, SourceError_Unauthorized,
    SourceError_UnexpectedResponse, SourceError_Upstream,
)

# The number of concurrent requests. The contract allows 256, but the host holds their responses in memory together.
SIDE_BY_SIDE = 50


def send(request):
    """Sends one request and returns the body of its response."""
    return body(http.send_all([request])[0])


def send_all(requests):
    """Sends requests in batches, as their responses are consumed. The host waits and retries where that helps."""
    for at in range(0, len(requests), SIDE_BY_SIDE):
        yield from http.send_all(requests[at : at + SIDE_BY_SIDE])


def body(answer):
    """Returns the body of a successful response."""
    if isinstance(answer, Err):
        raise no_answer(answer.value)
    if not 200 <= answer.value.status <= 299:
        raise refused(answer.value)
    return answer.value.body


def decode(data):
    """Parses a body as JSON."""
    try:
        return json.loads(data)
    except ValueError as error:
        raise unexpected(f"{error}: {data[:100]!r}") from None


def unexpected(words):
    return Err(SourceError_UnexpectedResponse(words))


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
