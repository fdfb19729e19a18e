import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from interop import world as worlds
from interop.deployed import Aws
from interop.world import LocalAws, World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=None, help="makes the same questions again; printed by each run")
    parser.addoption("--questions", type=int, default=400, help="how many are made for each store (400)")
    parser.addoption("--replay", type=Path, default=None, help="asks the question in this file, and nothing else")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(10**6)
    if config.option.replay is not None:
        config.option.replay = Path(os.environ.get("FEAST_INTEROP_CALLED_FROM", "."), config.option.replay)


def pytest_report_header(config: pytest.Config) -> str:
    return f"questions: --seed {config.option.seed} --questions {config.option.questions}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --replay that one test alone; without it, all others."""
    replay = [item for item in items if item.get_closest_marker("replay")]
    others = [item for item in items if item not in replay]
    selected, deselected = (replay, others) if config.option.replay else (others, replay)
    items[:] = selected
    config.hook.pytest_deselected(items=deselected)


@pytest.fixture(scope="session")
def local_aws() -> Iterator[LocalAws]:
    with worlds.local_aws_started() as aws:
        yield aws


@pytest.fixture(scope="session")
def aws(local_aws: LocalAws) -> Aws:
    """boto3's clients for it."""
    return Aws(local_aws.endpoint)


@pytest.fixture(scope="session")
def world(local_aws: LocalAws) -> Iterator[World]:
    """The stores that real Feast wrote, and all servers."""
    with worlds.started(local_aws) as world:
        yield world
