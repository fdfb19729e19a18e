"""The feature servers that are asked: real Feast's two, and ours."""

import base64
import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from interop import environments, local_aws, repository
from interop.processes import Service

ROWS = "/get-online-features"
COLUMNS = "/v2/get-online-features"


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """One that listens, asked over one connection that is made anew when it was closed."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def post(self, path: str, request: Any) -> Reply:
        """Asks once more only where nothing of the request can have been answered."""
        body = json.dumps(request).encode()
        for again in (True, False):
            try:
                self._connection.request("POST", self._prefix + path, body, {"Content-Type": "application/json"})
                response = self._connection.getresponse()
                return Reply(response.status, response.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self._connection.close()
                if not again:
                    raise
        raise AssertionError


def feast_0_67(name: str, repo: Path, aws: str) -> Service:
    """`feast serve`, which says where it listens before its worker can answer: the first question waits."""
    python = environments.environment("feast-0.67")
    return Service(
        name,
        [python, python.parent / "feast", "serve", "--host", "127.0.0.1", "--port", "0", "--no-access-log",
         "--registry_ttl_sec", "3600", "--max-requests", "0"],
        r"Listening at: (http://\S+)",
        repository.OUTPUT / f"{name}.log",
        local_aws.client_environment(aws),
        repo,
    )  # fmt: skip


def feast_0_14(name: str, repo: Path, aws: str) -> Service:
    """The application of Feast 0.14's Lambda image, on a port."""
    yaml = base64.b64encode((repo / "feature_store.yaml").read_bytes()).decode()
    return Service(
        name,
        [environments.environment("feast-0.14"), repository.FEAST / "launchers" / "feast_0_14.py",
         "uvicorn", "feast.infra.feature_servers.aws_lambda.app:app", "--port", "0", "--no-access-log"],
        r"Uvicorn running on (http://\S+)",
        repository.OUTPUT / f"{name}.log",
        local_aws.client_environment(aws, FEATURE_STORE_YAML_BASE64=yaml),
        repo,
    )  # fmt: skip


def ours(name: str, feature_store_yaml: Path, aws: str) -> Service:
    return Service(
        name,
        [repository.BOOTSTRAP, "serve", "--port", "0", "--feature-store-yaml", feature_store_yaml],
        r"feature server ready on (\S+)",
        repository.OUTPUT / f"{name}.log",
        local_aws.client_environment(aws),
        feature_store_yaml.parent,
    )
