"""local-aws as a process, and what points programs at it."""

from pathlib import Path

from interop import repository
from interop.processes import Service

REGION = "us-west-2"


def start(folder: Path, seed: Path) -> Service:
    """On a free port; `await_ready` gives its endpoint."""
    return Service(
        "local-aws",
        [repository.java(), "-XX:TieredStopAtLevel=1", "-jar", repository.LOCAL_AWS, "--port", "0",
         "--data", folder / "local-aws", "--load", seed],
        r"local-aws ready on (\S+)",
        repository.OUTPUT / "local-aws.log",
        repository.environment(),
        folder,
    )  # fmt: skip


def client_environment(endpoint: str, **more: str) -> dict[str, str]:
    """For a program that is to reach local-aws and nothing else."""
    return repository.environment(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE="/dev/null",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        AWS_EC2_METADATA_DISABLED="true",
        **more,
    )
