"""What a question asks for, and what was stored for it: the answer that needs no feature server.

Only of what is written down in `stored`: the views whose types came after Feast 0.14 are not in it.
"""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from interop.answers import Cell, Table, json_text
from interop.questions import Question
from interop.stored import STORES, Row, View

EPOCH = "1970-01-01T00:00:00Z"


class UnfitKey(ValueError):
    """The value is none of its join key's type."""


@dataclass(frozen=True)
class Asked:
    """One feature of the answer. `request_key` has the request's name of each join key of the view."""

    name: str
    view: View
    feature: str
    request_key: Mapping[str, str]


def asked(question: Question) -> list[Asked]:
    """In the order of the answer. Raises LookupError or ValueError where there are no such features."""
    store = STORES[question.store]
    request = question.request
    if not isinstance(request, dict):
        raise ValueError("not an object")
    full = request.get("full_feature_names", False)
    if service := request.get("feature_service"):
        return [
            Asked(
                f"{projection.name or projection.view}__{feature}" if full else feature,
                store.views[projection.view],
                feature,
                {key: projection.join_keys.get(key, key) for key in store.views[projection.view].keys},
            )
            for projection in store.services[service]
            for feature in projection.features
        ]
    found = []
    for reference in request["features"]:
        view_name, feature = reference.split(":")
        view = store.views[view_name]
        view.features[feature]
        found.append(Asked(f"{view_name}__{feature}" if full else feature, view, feature, {k: k for k in view.keys}))
    return found


def columns(question: Question) -> dict[str, list[Any]]:
    """The request's columns by join key, those that nobody knows left out."""
    store = STORES[question.store]
    known = set(store.entities.values()) | {key for one in asked(question) for key in one.request_key.values()}
    named = {store.entities.get(key, key): column for key, column in question.request["entities"].items()}
    return {key: column for key, column in named.items() if key in known}


def key_types(question: Question) -> dict[str, str]:
    """Of the join keys that are needed, by their names in the request."""
    return {request_key: one.view.keys[key] for one in asked(question) for key, request_key in one.request_key.items()}


def typed(kind: str, value: Any) -> Any:
    """The value as the type that the registry declares for its key. Raises UnfitKey."""
    if kind == "STRING":
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise UnfitKey(kind)
    if isinstance(value, bool) or value is None or (isinstance(value, float) and not value.is_integer()):
        raise UnfitKey(kind)
    try:
        number = int(value)
    except ValueError as wrong:
        raise UnfitKey(kind) from wrong
    bits = {"INT32": 31, "INT64": 63}[kind]
    if not -(2**bits) <= number < 2**bits:
        raise UnfitKey(kind)
    return number


def answer(question: Question, times: bool) -> Table:
    """The whole of it. Raises LookupError or ValueError where the question cannot be right."""
    given = columns(question)
    table = {key: echo(question, key, times) for key in given}
    for one in asked(question):
        table[one.name] = column(question, one, times)
    return Table(table, _rows(given))


def echo(question: Question, key: str, times: bool) -> tuple[Cell, ...]:
    """A join key's column: as its type says where it is needed, else as it was sent."""
    kind = key_types(question).get(key)
    values = columns(question)[key]
    time = EPOCH if times else None
    return tuple(Cell("PRESENT", json_text(typed(kind, value) if kind else value), time) for value in values)


def column(question: Question, one: Asked, times: bool) -> tuple[Cell, ...]:
    """A feature's column, out of what was stored."""
    given = columns(question)
    return tuple(
        _cell(
            one,
            {key: typed(one.view.keys[key], given[requested][row]) for key, requested in one.request_key.items()},
            times,
        )
        for row in range(_rows(given))
    )


def _rows(given: Mapping[str, list[Any]]) -> int:
    """One where no entity was given: views without join keys have a value all the same."""
    return len(next(iter(given.values()), [None]))


def _cell(one: Asked, keys: Mapping[str, Any], times: bool) -> Cell:
    row = one.view.find(keys)
    if row is None:
        return Cell("NOT_FOUND", None, EPOCH if times else None)
    value = _json(one.view.features[one.feature], row.features[one.feature])
    return Cell("PRESENT", json_text(value), _time(row) if times else None)


def _time(row: Row) -> str:
    """With three or six digits of a second where it has any, as protobuf's JSON."""
    micros = row.event_time.microsecond
    digits = "microseconds" if micros % 1000 else "milliseconds" if micros else "seconds"
    return row.event_time.isoformat(timespec=digits).replace("+00:00", "Z")


def _json(kind: str, value: Any) -> Any:
    """As Feast's servers write it into JSON."""
    if value is None:
        return None
    if kind.endswith("_LIST"):
        return [_json(kind.removesuffix("_LIST"), element) for element in value]
    if kind == "BYTES":
        return base64.b64encode(value).decode()
    if kind == "UNIX_TIMESTAMP":
        return int((value - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    if kind == "FLOAT":
        value = struct.unpack("f", struct.pack("f", value))[0]
    if kind in ("FLOAT", "DOUBLE") and value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value
