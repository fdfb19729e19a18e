"""Everything that the tests talk to, started together: local-aws, the stores that real Feast wrote, the servers."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from interop import environments, local_aws, processes, repository, servers
from interop.differences import NEW, OLD
from interop.servers import Server

FIXTURE = "feast-0.67"
"""Of lambda-runtime's fixtures: the store that the SDK is tried on."""


@dataclass(frozen=True)
class LocalAws:
    """`folder` is for whatever a run leaves, and goes with it."""

    endpoint: str
    folder: Path

    @property
    def fixture_yaml(self) -> Path:
        return self.folder / "fixture" / "feature_store.yaml"


@dataclass(frozen=True)
class World:
    """`feast` and `ours` by store; `fixture_feast` serves the fixture's store."""

    feast: dict[str, Server]
    ours: dict[str, Server]
    fixture_feast: Server


@contextmanager
def local_aws_started() -> Iterator[LocalAws]:
    """With the fixture's store in it."""
    folder = Path(tempfile.mkdtemp(prefix="feast-interop-"))
    repository.empty(repository.OUTPUT)
    (folder / "fixture").mkdir()
    shutil.copy(repository.FIXTURES / FIXTURE / "feature_store.yaml", folder / "fixture")
    service = local_aws.start(folder, _seed(folder))
    try:
        yield LocalAws(service.await_ready(), folder)
    finally:
        service.end()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(aws: LocalAws) -> Iterator[World]:
    with ExitStack() as ending:

        def keep(service: processes.Service) -> processes.Service:
            ending.callback(service.end)
            return service

        fixture = keep(servers.feast_0_67("feast-0.67-fixture", aws.fixture_yaml.parent, aws.endpoint))
        feast, ours = {}, {}
        for store, serve in ((NEW, servers.feast_0_67), (OLD, servers.feast_0_14)):
            repo = _write(store, aws)
            feast[store] = keep(serve(store, repo, aws.endpoint))
            ours[store] = keep(servers.ours(f"ours-{store}", repo / "feature_store.yaml", aws.endpoint))
        yield World(
            {store: Server(service.await_ready()) for store, service in feast.items()},
            {store: Server(service.await_ready()) for store, service in ours.items()},
            Server(fixture.await_ready()),
        )


def _seed(folder: Path) -> Path:
    """The fixture's registry and tables, and a bucket for the registries that are applied here."""
    seed = folder / "seed"
    bucket = seed / "s3" / "feast-registries" / "dev"
    bucket.mkdir(parents=True)
    shutil.copy(repository.FIXTURES / FIXTURE / "registry.db", bucket)
    tables = seed / "dynamodb"
    tables.mkdir()
    shutil.copy(repository.FIXTURES / FIXTURE / "dynamodb.json", tables / f"{local_aws.REGION}.json")
    (seed / "s3" / "interop-registries").mkdir()
    (seed / "buckets.json").write_text(json.dumps({"interop-registries": local_aws.REGION}))
    return seed


def write_kinds(aws: LocalAws) -> Path:
    """Returns the folder of a store with views of all kinds, once Feast 0.67 has filled it."""
    python = environments.environment(NEW)
    return _run_writer("feast-0.67-kinds", [python, repository.FEAST / "launchers" / "write_kinds_0_67.py"], aws)


def _write(store: str, aws: LocalAws) -> Path:
    """Returns the repo's folder once real Feast has applied it and filled its online store."""
    launchers = repository.FEAST / "launchers"
    python = environments.environment(store)
    writer = (
        [python, launchers / "write_0_67.py"] if store == NEW else [python, launchers / "feast_0_14.py", "write_0_14"]
    )
    return _run_writer(store, writer, aws)


def _run_writer(name: str, writer: Sequence[str | Path], aws: LocalAws) -> Path:
    repo = aws.folder / name
    shutil.copytree(repository.FEAST / "repos" / name, repo)
    processes.run(
        f"writing {name}",
        writer,
        repository.OUTPUT / f"write-{name}.log",
        local_aws.client_environment(aws.endpoint, PYTHONPATH=str(repository.FEAST)),
        repo,
    )
    return repo
