"""Feast's own SDK, told that its online store is a feature server: the same through ours as through Feast's."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from feast import FeatureService, FeatureStore, RepoConfig

from interop import repository
from interop.deployed import Aws, Image, deploy
from interop.differences import SDK_REFUSALS
from interop.world import LocalAws, World

KEYS: dict[str, list[Any]] = {
    "driver_id": [1001, 1002, 9999],
    "customer_id": ["c-1", "c-2", "nobody"],
    "user_id": [7, 8, 9],
}

VIEWS = ("driver_hourly_stats", "customer_profile", "trips", "lists", "expired", "exotic")
"""Of the fixture's; a view without entities is below."""


@dataclass(frozen=True)
class Sdk:
    """One client each for Feast's server and ours, the same but for the server's address."""

    feast: FeatureStore
    ours: FeatureStore


@pytest.fixture(scope="module")
def sdk(world: World, local_aws: LocalAws, aws: Aws) -> Iterator[Sdk]:
    """Ours is the image in a Lambda function behind API Gateway."""
    text = local_aws.fixture_yaml.read_text()
    endpoint = deploy(aws, "feast-interop-sdk", Image.of(repository.IMAGE), text)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-west-2",
        }.items():
            environment.setenv(name, value)
        yield Sdk(_store(text, world.fixture_feast.url), _store(text, f"{endpoint}/v2"))


def _store(feature_store_yaml: str, path: str) -> FeatureStore:
    """The store's own feature_store.yaml, with another online store."""
    settings = yaml.safe_load(feature_store_yaml)
    return FeatureStore(config=RepoConfig(**settings | {"online_store": {"type": "remote", "path": path}}))


def test_reads_by_the_file_that_the_operator_gives_clients(
    sdk: Sdk, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ConfigMap's feature_store.yaml, of which the operator's tests have the same example."""
    ours = sdk.ours.config
    text = (repository.ROOT / "docs/client-feature-store.yaml").read_text()
    example = yaml.safe_load(text)
    for said, meant in {
        example["online_store"]["path"]: ours.online_store.path,
        example["registry"]: ours.registry.path,
        f"project: {example['project']}": f"project: {ours.project}",
    }.items():
        text = text.replace(said, meant)
    (tmp_path / "feature_store.yaml").write_text(text)
    monkeypatch.setenv(example["auth"]["token_env_var"], "a key")
    client = FeatureStore(repo_path=str(tmp_path))

    references, keys = view(sdk, "driver_hourly_stats")
    answer = client.get_online_features(features=references, entity_rows=keys).to_dict()
    assert answer == sdk.feast.get_online_features(features=references, entity_rows=keys).to_dict()


def outcome(call: Callable[[], Any]) -> Any:
    """What the client's caller gets: an answer, or an exception's class and message."""
    try:
        return call().to_dict(include_event_timestamps=True)
    except Exception as failure:
        return type(failure).__name__, str(failure)


def outcomes(sdk: Sdk, features: Any, entities: Any, full_feature_names: bool = False) -> tuple[Any, Any]:
    """Through Feast's server, and through ours."""

    def read(store: FeatureStore) -> Any:
        return store.get_online_features(features=features, entity_rows=entities, full_feature_names=full_feature_names)

    return outcome(lambda: read(sdk.feast)), outcome(lambda: read(sdk.ours))


def assert_same(sdk: Sdk, features: Any, entities: Any, full_feature_names: bool = False) -> Any:
    theirs, ours = outcomes(sdk, features, entities, full_feature_names)
    assert ours == theirs
    return theirs


def view(sdk: Sdk, name: str) -> tuple[list[str], dict[str, list[Any]]]:
    """References to all its features, and three rows of keys, of which the last is not stored."""
    found = sdk.feast.get_feature_view(name)
    return [f"{name}:{field.name}" for field in found.features], {key: KEYS[key] for key in found.join_keys}


@pytest.mark.parametrize("full_feature_names", [False, True])
@pytest.mark.parametrize("name", VIEWS)
def test_reads_each_view_as_through_feast(sdk: Sdk, name: str, full_feature_names: bool) -> None:
    references, keys = view(sdk, name)
    theirs = assert_same(sdk, references, keys, full_feature_names)
    if name == "lists":
        assert theirs[0] == "TypeError", "0.67's client cannot read empty lists, whoever sends them"
        theirs = assert_same(sdk, references, {key: [values[0], values[2]] for key, values in keys.items()})
    assert isinstance(theirs, dict), theirs
    assert len(theirs) >= len(references)


@pytest.mark.parametrize("name", VIEWS)
def test_reads_each_feature_as_through_feast(sdk: Sdk, name: str) -> None:
    references, keys = view(sdk, name)
    for reference in references:
        assert_same(sdk, [reference], keys)


def test_reads_rows_of_dictionaries(sdk: Sdk) -> None:
    rows = [{"driver_id": 1001, "customer_id": "c-1"}, {"driver_id": 1002, "customer_id": "zz"}]
    theirs = assert_same(sdk, ["trips:count", "driver_hourly_stats:conv_rate"], rows)
    assert theirs["conv_rate"] == [0.025330161675810814, 0.7595187425613403]


@pytest.mark.parametrize(
    ("service", "entities", "full_feature_names"),
    [
        ("driver_activity", {"driver_id": [1001, 9999], "customer_id": ["c-1", "c-2"]}, False),
        ("driver_activity", {"driver_id": [1001, 9999], "customer_id": ["c-1", "c-2"]}, True),
        ("two_drivers", {"origin_id": [1001, 1002], "dest_id": [1002, 9999]}, True),
    ],
)
def test_reads_a_feature_service(sdk: Sdk, service: str, entities: Any, full_feature_names: bool) -> None:
    theirs = assert_same(sdk, sdk.feast.get_feature_service(service), entities, full_feature_names)
    assert isinstance(theirs, dict), theirs


DRIVER = {"driver_id": [1001]}


@pytest.mark.parametrize(
    ("features", "entities", "refused_with", "code"),
    [
        (["nowhere:x"], DRIVER, "FeatureViewNotFoundException", "404.*FEATURE_VIEW_NOT_FOUND"),
        (["expired:nothing"], DRIVER, "RetryError", "404.*FEATURE_NOT_FOUND"),
        (["expired:stale"], {"customer_id": ["c-1"]}, "RetryError", "400.*MISSING_ENTITY"),
        (["expired:stale"], {"driver_id": ["abc"]}, "RetryError", "400.*INVALID_ENTITY_VALUE"),
        (["expired:stale", "expired:stale"], DRIVER, "RetryError", "400.*FEATURE_NAME_COLLISION"),
        (
            FeatureService(name="nowhere", features=[]),
            DRIVER,
            "FeatureServiceNotFoundException",
            "404.*FEATURE_SERVICE_NOT_FOUND",
        ),
    ],
    ids=["unknown view", "unknown feature", "missing entity", "unfit key", "twice", "unknown service"],
)
def test_tells_at_once_what_feast_refuses_too(
    sdk: Sdk, features: Any, entities: Any, refused_with: str, code: str
) -> None:
    theirs, ours = outcomes(sdk, features, entities)
    assert refused_with in SDK_REFUSALS
    assert theirs[0] == refused_with
    assert ours[0] == "RuntimeError"
    assert re.fullmatch(f"Failed to get online features: {code}.*", ours[1])


def test_asks_without_blocking_as_through_feast(sdk: Sdk) -> None:
    references, keys = view(sdk, "driver_hourly_stats")

    def read(store: FeatureStore) -> Any:
        return asyncio.run(store.get_online_features_async(features=references, entity_rows=keys))

    assert outcome(lambda: read(sdk.ours)) == outcome(lambda: read(sdk.feast))


def test_reads_a_view_without_entities_which_feast_cannot(sdk: Sdk) -> None:
    """The one view that is better through ours: the list of differences has it as entityless."""
    rows = {"driver_id": [1001]}
    features = ["global_stats:total_trips", "driver_hourly_stats:conv_rate"]
    ours = sdk.ours.get_online_features(features=features, entity_rows=rows).to_dict()
    theirs = sdk.feast.get_online_features(features=features, entity_rows=rows).to_dict()
    assert (ours.pop("total_trips"), theirs.pop("total_trips")) == ([123456789], [None])
    assert ours == theirs


def test_runs_the_example(world: World, aws: Aws, local_aws: LocalAws, tmp_path: Path) -> None:
    """examples/clients/feast-sdk as it is, but for where the registry of the documented project is."""
    example = repository.ROOT / "examples" / "clients" / "feast-sdk"
    endpoint = deploy(aws, "feast-interop-example", Image.of(repository.IMAGE), local_aws.fixture_yaml.read_text())
    settings = (example / "feature_store.yaml").read_text()
    registry = yaml.safe_load(local_aws.fixture_yaml.read_text())
    changed = yaml.safe_load(settings) | {key: registry[key] for key in ("project", "registry")}
    (tmp_path / "feature_store.yaml").write_text(yaml.safe_dump(changed))
    shutil.copy(example / "lookup.py", tmp_path)
    ran = subprocess.run(
        [sys.executable, tmp_path / "lookup.py"],
        env=os.environ
        | {
            "FEATURE_SERVER": endpoint,
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-west-2",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0].startswith("1001 0.025330161675810814 "), ran.stdout
