"""Where our answers differ from real Feast's on purpose: the one list of it.

A difference turns what Feast answered into what ours has to be, or says that it has nothing to do with the
question. A question may meet several, which are applied in the order of the list. Each has an example for
each Feast that it holds for; one that its example no longer meets is dead and has to go.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interop import truth
from interop.answers import Outcome, Refused, Table, same
from interop.questions import Question

Turn = Callable[[Question, Outcome], Outcome | None]

NEW, OLD = "feast-0.67", "feast-0.14"


@dataclass(frozen=True)
class Difference:
    """`examples` are requests by the Feast that they are put to, and which it holds for."""

    name: str
    says: str
    expected: Turn
    examples: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Expectation:
    """`of` are the names of the differences that were met."""

    outcome: Outcome
    of: tuple[str, ...]


def expect(question: Question, theirs: Outcome) -> Expectation:
    """What ours has to answer where Feast answered `theirs`."""
    met = []
    for difference in DIFFERENCES:
        if question.store not in difference.examples:
            continue
        turned = difference.expected(question, theirs)
        if turned is not None and not same(turned, theirs):
            met.append(difference.name)
            theirs = turned
    return Expectation(theirs, tuple(met))


def fulfils(ours: Outcome, expected: Outcome) -> bool:
    """A refusal has to have the status and the code, and what is expected somewhere in its message."""
    if isinstance(expected, Refused):
        return (
            isinstance(ours, Refused)
            and (ours.status, ours.code) == (expected.status, expected.code)
            and expected.detail in ours.detail
        )
    return same(ours, expected)


# What cannot be right.

_REFUSALS = (
    (r"Feature view \S+ does not exist", 404, "FEATURE_VIEW_NOT_FOUND"),
    (r"Feature service \S+ does not exist", 404, "FEATURE_SERVICE_NOT_FOUND"),
    (r"not found in projection", 404, "FEATURE_NOT_FOUND"),
    (r"Duplicate features named", 400, "FEATURE_NAME_COLLISION"),
    (r"must have the same columns|Uneven number of columns", 400, "INVALID_REQUEST"),
    (r"Expected format:|not enough values to unpack", 400, "INVALID_REQUEST"),
    (r"No features specified", 400, "INVALID_REQUEST"),
    (r"Input should be a valid|Failed to parse \w+ field", 400, "INVALID_REQUEST"),
)


def _refusal(question: Question, theirs: Outcome) -> Outcome | None:
    if not isinstance(theirs, Refused) or theirs.code:
        return None
    if isinstance(question.request, list):
        return Refused(400, "JSON object", "INVALID_REQUEST")
    for pattern, status, code in _REFUSALS:
        if re.search(pattern, theirs.detail):
            return Refused(status, "", code)
    return None


def _unfit_key(question: Question, theirs: Outcome) -> Outcome | None:
    try:
        types = truth.key_types(question)
        columns = question.request["entities"]
    except (LookupError, ValueError):
        return None
    for key, column in columns.items():
        for row, value in enumerate(column):
            try:
                if key in types:
                    truth.typed(types[key], value)
            except truth.UnfitKey:
                return Refused(400, f"entities.{key}[{row}]", "INVALID_ENTITY_VALUE")
    return None


def _missing_key(question: Question, theirs: Outcome) -> Outcome | None:
    try:
        missing = set(truth.key_types(question)) - set(truth.columns(question))
    except (LookupError, ValueError):
        return None
    if not missing:
        return None
    # Which of several is told is ours to choose.
    return Refused(400, missing.pop() if len(missing) == 1 else "", "MISSING_ENTITY")


def _unknown_feature(question: Question, theirs: Outcome) -> Outcome | None:
    if not isinstance(theirs, Table) or not isinstance(question.request, dict):
        return None
    try:
        truth.asked(question)
    except KeyError as unknown:
        return Refused(404, str(unknown.args[0]), "FEATURE_NOT_FOUND")
    return None


# What is right, and Feast cannot do.


def _stored(question: Question) -> Outcome:
    return truth.answer(question, times=question.store == NEW)


def _where_it_says(pattern: str) -> Turn:
    """What was stored, where Feast refuses in these words."""

    def turn(question: Question, theirs: Outcome) -> Outcome | None:
        if isinstance(theirs, Refused) and not theirs.code and re.search(pattern, theirs.detail):
            return _stored(question)
        return None

    return turn


def _no_rows(question: Question, theirs: Outcome) -> Outcome | None:
    if isinstance(theirs, Refused) and not theirs.code and "Missing join key values" in theirs.detail:
        names = [*truth.columns(question), *(one.name for one in truth.asked(question))]
        if truth.columns(question) and not any(truth.columns(question).values()):
            return Table({name: () for name in names}, 0)
    return None


def _entityless(question: Question, theirs: Outcome) -> Outcome | None:
    try:
        without = [one for one in truth.asked(question) if not one.view.keys]
    except (LookupError, ValueError):
        return None
    if not without:
        return None
    if isinstance(theirs, Refused):
        given = question.request["entities"]
        return _stored(question) if not given and not theirs.code else None
    columns = {name: cells for name, cells in theirs.columns.items() if name != "__dummy_id"}
    for one in without:
        columns[one.name] = truth.column(question, one, times=question.store == NEW)
    return Table(columns, theirs.rows)


def _alias(question: Question, theirs: Outcome) -> Outcome | None:
    if question.request == [] or question.request.get("feature_service") != "alias":
        return None
    return _stored(question)


def _key_types(applies: Callable[[str, Any], bool]) -> Turn:
    """What was stored, in the columns of views that have such a key, and the key as its type says."""

    def turn(question: Question, theirs: Outcome) -> Outcome | None:
        if not isinstance(theirs, Table):
            return None
        types = truth.key_types(question)
        columns = truth.columns(question)
        keys = {key for key, kind in types.items() if any(applies(kind, value) for value in columns.get(key, ()))}
        if not keys:
            return None
        times = question.store == NEW
        stored = {key: truth.echo(question, key, times) for key in keys}
        for one in truth.asked(question):
            if keys & set(one.request_key.values()):
                stored[one.name] = truth.column(question, one, times)
        return Table({name: stored.get(name, cells) for name, cells in theirs.columns.items()}, theirs.rows)

    return turn


def _entity_name(question: Question, theirs: Outcome) -> Outcome | None:
    names = {"user"} & set(question.request["entities"]) if isinstance(question.request, dict) else set()
    return _key_types(lambda kind, _: kind == "INT32")(question, theirs) if names else None


def _unwritable(*kinds: str) -> Turn:
    """What was stored, where Feast 0.14 has found it and then cannot write it as JSON."""

    def turn(question: Question, theirs: Outcome) -> Outcome | None:
        if not isinstance(theirs, Refused) or theirs.detail != "Internal Server Error":
            return None
        asked = {one.view.features[one.feature] for one in truth.asked(question)}
        return _stored(question) if asked & set(kinds) else None

    return turn


def _order(question: Question, theirs: Outcome) -> Outcome | None:
    if not isinstance(theirs, Table):
        return None
    names = [*truth.columns(question), *(one.name for one in truth.asked(question))]
    if not set(names) >= set(theirs.columns):
        return None
    return Table({name: theirs.columns[name] for name in names if name in theirs.columns}, theirs.rows)


def _request(features: list[str], **entities: list[Any]) -> dict[str, Any]:
    return {"features": features, "entities": entities}


def _both(*requests: Any) -> dict[str, Sequence[Any]]:
    return {NEW: requests, OLD: requests}


_MIXED = ("strings", "ints", "times", "bools", "doubles", "longs", "floats")

DIFFERENCES = (
    # What cannot be right, whatever Feast says to it.
    Difference(
        "unfit-key",
        "A null, a fraction or text that is no number is a 500, cut, or not found in Feast; 400 here.",
        _unfit_key,
        _both(_request(["lists:ints"], driver_id=[1001, 1001.5])),
    ),
    Difference(
        "missing-join-key",
        "0.67 names keys that nobody needs, or finds nothing; 400 here, which names the missing one.",
        _missing_key,
        _both(_request(["trips:count"], driver_id=[1001])),
    ),
    Difference(
        "unknown-feature",
        "0.14 leaves out what it does not know; 404 here.",
        _unknown_feature,
        {OLD: [_request(["lists:nothing"], driver_id=[1001])]},
    ),
    # What Feast refuses, and is right.
    Difference(
        "alias",
        "0.14 knows a projection by its view's name only; here it is the view under another name.",
        _alias,
        {OLD: [{"feature_service": "alias", "entities": {"driver_id": [1001]}}]},
    ),
    Difference(
        "extra-entity",
        "0.14 refuses an entity that it does not know; ignored here, as in 0.67.",
        _where_it_says(r"^Entity \S+ does not exist"),
        {OLD: [_request(["trips:count"], driver_id=[1001], customer_id=["c-1"], extra=[1])]},
    ),
    Difference(
        "unknown-setting",
        "0.14 refuses a key of the request that it does not know; ignored here, as in 0.67.",
        _where_it_says(r"has no field named"),
        {OLD: [_request(["lists:ints"], driver_id=[1001]) | {"include_feature_view_version_metadata": False}]},
    ),
    Difference(
        "bytes",
        "0.14 cannot write bytes; base64 here, as in 0.67.",
        _unwritable("BYTES", "BYTES_LIST"),
        {OLD: [_request(["avatars:avatar"], customer_id=["c-1", "nobody"])]},
    ),
    Difference(
        "not-finite",
        "0.14 cannot write NaN and infinities; the texts of protobuf's JSON here, as in 0.67.",
        _unwritable("FLOAT", "DOUBLE", "FLOAT_LIST", "DOUBLE_LIST"),
        {OLD: [_request(["odd_numbers:single", "odd_numbers:wides"], driver_id=[1001])]},
    ),
    Difference(
        "no-rows",
        "0.67 wants a row at least; an answer without rows here.",
        _no_rows,
        {NEW: [_request(["lists:ints"], driver_id=[])]},
    ),
    Difference(
        "entityless",
        "Feast needs a row, loses the value, or shows __dummy_id; the value for each row here.",
        _entityless,
        _both(
            _request(["global_stats:total_trips"]),
            _request(["global_stats:total_trips", "lists:ints"], driver_id=[1001, 9999]),
        ),
    ),
    # What is left of refusals.
    Difference(
        "refusal",
        "What cannot be right is a 500 or a 422 in Feast; 400 or 404 with a code here.",
        _refusal,
        _both(_request(["trips"], driver_id=[1001])),
    ),
    # What Feast does not find.
    Difference(
        "int32-key",
        "0.14 takes every number for an INT64; a key has its declared type here.",
        _key_types(lambda kind, _: kind == "INT32"),
        {OLD: [_request(["user_profile:score"], user_id=[7])]},
    ),
    Difference(
        "key-of-another-type",
        "0.14 reads numbers as text, and text as numbers, as what they look like; as declared here, as in 0.67.",
        _key_types(lambda kind, value: isinstance(value, str) != (kind == "STRING")),
        {OLD: [_request(["lists:ints"], driver_id=["1001"])]},
    ),
    Difference(
        "entity-name",
        "0.67 forgets the type of a key that is called by its entity's name; a key has its declared type here.",
        _entity_name,
        {NEW: [_request(["user_profile:score"], user=[7])]},
    ),
    # Last, because it orders what the others have made.
    Difference(
        "order",
        "0.67 shuffles a view's features, 0.14 has no order; the order asked for here.",
        _order,
        _both(_request([f"lists:{name}" for name in _MIXED], driver_id=[1001])),
    ),
)

SDK_REFUSALS = ("RetryError", "FeatureViewNotFoundException", "FeatureServiceNotFoundException")
"""The list's `refusal`, as callers of Feast's SDK see it with a remote online store.

Through Feast's server it repeats what was refused with a 500 until it gives up with a RetryError that says
nothing, and makes a few of Feast's own exceptions of what Feast's server says of itself. Through ours it
raises its RuntimeError at once, with our status, code and message in it.
"""
