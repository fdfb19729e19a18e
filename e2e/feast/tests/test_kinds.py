"""Views of other kinds than the plain one, versions of a view, and join keys of rarer types, beside Feast 0.67."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from interop import answers, servers
from interop.answers import Outcome, Refused, Table
from interop.servers import Server
from interop.world import LocalAws, write_kinds

NOON = 1793534400


@dataclass(frozen=True)
class Kinds:
    feast: Server
    ours: Server


@pytest.fixture(scope="module")
def kinds(local_aws: LocalAws) -> Iterator[Kinds]:
    with ExitStack() as ending:
        repo = write_kinds(local_aws)
        feast = servers.feast_0_67("feast-0.67-kinds", repo, local_aws.endpoint)
        ending.callback(feast.end)
        ours = servers.ours("ours-feast-0.67-kinds", repo / "feature_store.yaml", local_aws.endpoint)
        ending.callback(ours.end)
        yield Kinds(Server(feast.await_ready()), Server(ours.await_ready()))


def asked(*features: str, full: bool = False, **entities: list[Any]) -> dict[str, Any]:
    return {"features": list(features), "entities": entities, "full_feature_names": full}


def both(kinds: Kinds, request: Any) -> tuple[Outcome, Outcome]:
    return (
        answers.of_columns(kinds.feast.post(servers.ROWS, request)),
        answers.of_columns(kinds.ours.post(servers.COLUMNS, request)),
    )


def unordered(outcome: Outcome) -> Outcome:
    """Feast shuffles the features of a view."""
    return Table(dict(sorted(outcome.columns.items())), outcome.rows) if isinstance(outcome, Table) else outcome


SAME = {
    "the newest version": asked("speed:mean", driver_id=[1001, 1002, 1003]),
    "the newest version by its name": asked("speed@latest:mean", driver_id=[1001]),
    "the first version": asked("speed@v0:top", driver_id=[1001, 1002, 1003]),
    "a version between": asked("speed@v1:top", "speed@v1:mean", driver_id=[1001, 1002]),
    "the newest version by its number": asked("speed@V2:mean", driver_id=[1003]),
    "two versions": asked("speed@v1:top", "speed:mean", driver_id=[1001, 1002]),
    "two versions of a feature": asked("speed@v1:mean", "speed@v2:mean", full=True, driver_id=[1001, 1002]),
    "a stream feature view": asked("clicks:clicks", driver_id=[1001, 1002, 9999]),
    "two kinds at once": asked("clicks:clicks", "speed:mean", full=True, driver_id=[1001]),
    "keys that are times": asked("hours:load", hour_at=[NOON, NOON + 3600, 5]),
}


@pytest.mark.parametrize("request_body", [pytest.param(request, id=about) for about, request in SAME.items()])
def test_answers_as_feast_does(kinds: Kinds, request_body: dict[str, Any]) -> None:
    theirs, ours = both(kinds, request_body)
    assert isinstance(theirs, Table), theirs
    assert unordered(ours) == unordered(theirs)


def test_says_which_versions_it_is_from_as_feast_does(kinds: Kinds) -> None:
    request = asked("speed@v1:top", "clicks:clicks", driver_id=[1001]) | {"include_feature_view_version_metadata": True}
    theirs = kinds.feast.post(servers.ROWS, request).json()["metadata"]["feature_view_metadata"]
    ours = kinds.ours.post(servers.COLUMNS, request).json()["metadata"]["feature_view_metadata"]
    assert ours == theirs


def test_an_unknown_version_is_404(kinds: Kinds) -> None:
    theirs, ours = both(kinds, asked("speed@v9:mean", driver_id=[1001]))
    assert isinstance(theirs, Refused)
    assert isinstance(ours, Refused)
    assert (ours.status, ours.code) == (404, "FEATURE_VIEW_NOT_FOUND")
    assert "v9" in ours.detail


def test_a_feature_that_a_version_lacks_is_404(kinds: Kinds) -> None:
    theirs, ours = both(kinds, asked("speed@v0:mean", driver_id=[1001]))
    assert isinstance(theirs, Refused)
    assert isinstance(ours, Refused)
    assert (ours.status, ours.code) == (404, "FEATURE_NOT_FOUND")


def test_an_on_demand_feature_view_is_501_and_the_rest_serves(kinds: Kinds) -> None:
    theirs, ours = both(kinds, asked("doubled_clicks:doubled", driver_id=[1001]))
    assert isinstance(theirs, Table)
    assert isinstance(ours, Refused)
    assert (ours.status, ours.code) == (501, "ON_DEMAND_FEATURE_VIEW")
    assert "doubled_clicks" in ours.detail


def test_bytes_as_a_key_are_base64(kinds: Kinds) -> None:
    """Feast's server has no way to be asked for one: JSON has no bytes."""
    theirs, ours = both(kinds, asked("tokens:owner", token_id=["AP8=", "cGxhaW4=", "AAAA"]))
    assert isinstance(theirs, Refused)
    assert isinstance(ours, Table)
    assert [cell.value for cell in ours.columns["owner"]] == ['"a"', '"b"', None]
    assert [cell.status for cell in ours.columns["owner"]] == ["PRESENT", "PRESENT", "NOT_FOUND"]
