"""Checks everything that the adapter returns.

The contract's types are strict and Python's are not: without this file, a wrong value would end the scan with a crash
that names neither the field nor the line. The types are the dataclasses that componentize-py generates from
wit/source.wit.
"""

# `datetime.strptime` imports it when it is called, and a component cannot import modules at run time.
import _strptime
import dataclasses
import datetime
import time
from enum import Enum
from functools import cache
from types import NoneType
from typing import List, Union, get_args, get_origin, get_type_hints

from componentize_py_types import Err
from wit_world.imports.http import Request
from wit_world.imports.types import RawJob, SourceError, SourceError_UnexpectedResponse


def no_clock(*given, **named):
    raise RuntimeError("an adapter has no clock; `request.now` is the time")


class Moment(datetime.datetime):
    """A `datetime` that does not read the clock, which is a WASI import: reading it would end the scan with a crash."""

    now = utcnow = no_clock


# `date.today` calls `time.time`.
time.time = time.time_ns = no_clock
datetime.datetime = Moment


def unexpected(words):
    return Err(SourceError_UnexpectedResponse(words))


def guarded(function, shape, *given):
    """Calls a function of the adapter. Every exception, and a result of another type, becomes the contract's error."""
    name = function.__name__
    try:
        result = function(*given)
    # Also SystemExit, which `exit()` raises.
    except BaseException as error:
        raise source_error(error, name) from None
    found = mistake(result, shape)
    if found is not None:
        raise unexpected(found[1:] if found.startswith(".") else f"the result of {name}{found}")
    return result


def check_requests(requests):
    """Raises an error unless the host can send these requests."""
    found = mistake(requests, List[Request])
    if found is not None:
        raise TypeError(f"requests{found}")


def read_jobs(entries, read):
    """Reads each entry of a listing with the function `read`, which returns a `RawJob`. Returns jobs and warnings.

    An entry that cannot be read becomes a warning, so that it does not hide the others. If none can be read, the board
    has changed.
    """
    if not isinstance(entries, list):
        raise unexpected(f"the listing{wrong(entries, 'a list')}")
    jobs, warnings = [], []
    for index, entry in enumerate(entries):
        try:
            job = read(entry)
            found = mistake(job, RawJob)
            if found is not None:
                raise unexpected(found)
            jobs.append(job)
        except Exception as thrown:
            error = source_error(thrown, "reading it")
            if not isinstance(error.value, SourceError_UnexpectedResponse):
                raise error from None
            words = error.value.value
            warnings.append(f"jobs[{index}]{'' if words.startswith(('.', ':')) else ': '}{words}")
    if not jobs and warnings:
        raise unexpected(warnings[0])
    return jobs, warnings


def source_error(error, name):
    """Returns the contract's error for an exception."""
    if not isinstance(error, Err):
        return unexpected(f"{name} raised {type(error).__name__}: {error}{origin(error.__traceback__)}")
    found = mistake(error.value, SourceError)
    return error if found is None else unexpected(f"{name} raised an Err whose value{found}")


def origin(traceback):
    """Returns the lines of the adapter that an exception comes from, the innermost first."""
    calls = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = code.co_filename.rsplit("/", 1)[-1]
        if file not in ("contract.py", "main.py"):
            calls.insert(0, f", at {code.co_name} ({file}:{traceback.tb_lineno})")
        traceback = traceback.tb_next
    return "".join(calls[:3])


def mistake(value, shape):
    """Returns None for a valid value, and otherwise the mistake, such as `.title: is int, not str`."""
    kind, inner = get_origin(shape), get_args(shape)
    if kind is Union:
        return one_of(value, inner)
    if kind is list:
        return wrong(value, "a list") if not isinstance(value, list) else first_mistake(value, inner * len(value))
    if kind is tuple:
        is_tuple = isinstance(value, tuple) and len(value) == len(inner)
        return first_mistake(value, inner) if is_tuple else wrong(value, f"a tuple of {len(inner)} values")
    if dataclasses.is_dataclass(shape):
        return wrong(value, shape.__name__) if not isinstance(value, shape) else in_fields(value, shape)
    if shape is str:
        return in_text(value)
    if shape is float and type(value) is int:
        return None
    if issubclass(shape, Enum):
        return None if isinstance(value, shape) else wrong(value, f"a {shape.__name__}")
    if type(value) is not shape:
        return wrong(value, shape.__name__)
    if shape is int and not 0 <= value <= 0xFFFFFFFF:
        return f": is {value}, not a number of 32 bits"
    return None


def one_of(value, shapes):
    """Checks an optional value or a variant."""
    if value is None and NoneType in shapes:
        return None
    shapes = [shape for shape in shapes if shape is not NoneType]
    matching = shapes if len(shapes) == 1 else [shape for shape in shapes if isinstance(value, shape)]
    if not matching:
        return wrong(value, " or ".join(shape.__name__ for shape in shapes))
    return mistake(value, matching[0])


def first_mistake(values, shapes):
    for index, (value, shape) in enumerate(zip(values, shapes)):
        found = mistake(value, shape)
        if found is not None:
            return f"[{index}]{found}"
    return None


def in_fields(value, shape):
    fields = types_of_fields(shape)
    for name in vars(value):
        if name not in fields:
            return f".{name}: unknown field; the fields are {', '.join(fields)}"
    for name, inner in fields.items():
        found = mistake(getattr(value, name), inner)
        if found is not None:
            # The value of a case, such as that of Outcome_Page, has no name in the contract.
            return found if name == "value" and "_" in shape.__name__ else f".{name}{found}"
    return None


@cache
def types_of_fields(shape):
    return get_type_hints(shape)


def in_text(value):
    if not isinstance(value, str):
        return wrong(value, "str")
    try:
        value.encode()
    except UnicodeEncodeError:
        return ": contains half of a character; `text.encode(errors='replace').decode()` replaces it"
    return None


def wrong(value, expected):
    kind = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
    if kind == "coroutine":
        # Otherwise Python warns about it, for which it reads files.
        value.close()
        kind = "a coroutine (fetch_jobs must be synchronous: no `async`, no `await`)"
    return f": is {'None' if value is None else kind}, not {expected}"
