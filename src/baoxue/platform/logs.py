"""Logs: one JSON object a line, with ids and codes, never with what people are called or numbered.

Who writes a line keeps personal data out of it. The mask here is a second net: a run of digits as long as an identity
number does not get through, whoever wrote it, a library's message included.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# 15 and 18 digits are identity numbers, 19 with G or L before them student numbers; an X may end them.
_NUMBER = re.compile(r"(?<!\d)\d{6}\d{8,12}[\dXx](?!\d)")
_MASK = "[number]"


def mask(value: Any) -> Any:
    """A value without anything that looks like an identity number; lists and mappings are gone through."""
    if isinstance(value, str):
        return _NUMBER.sub(_MASK, value)
    if isinstance(value, Mapping):
        return {mask(key): mask(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**14:
        return mask(str(value))
    return value


def masked(_logger: object, _method: str, event: EventDict) -> EventDict:
    """`mask` as a step of structlog."""
    return {key: mask(value) for key, value in event.items()}


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A traceback as places in the code: the message of an exception may hold a value, such as a row that did not fit."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["trace"] = trace_of(error)
    return event


def trace_of(error: BaseException) -> list[str]:
    """Where an exception comes from: file and line, outermost first."""
    places = []
    walked = error.__traceback__
    while walked is not None:
        places.append(f"{walked.tb_frame.f_code.co_filename}:{walked.tb_lineno}")
        walked = walked.tb_next
    return places


_STEPS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_values,
    masked,
]


def configure() -> None:
    """Write logs to stderr, also those of libraries. For web, worker and commands of an installation."""
    structlog.configure(
        processors=[*_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_STEPS,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # One line for each request is ours (`platform.requests`); the libraries' own name the whole address.
    for name in ("django.request", "django.server", "gunicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in ("httpx", "httpcore", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.WARNING)
