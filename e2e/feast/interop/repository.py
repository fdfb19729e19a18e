"""What the build left, and where."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FEAST = ROOT / "e2e" / "feast"
OUTPUT = ROOT / "e2e" / "target" / "feast"
"""Logs of the last run, and its failing questions."""

LOCAL_AWS = ROOT / "local-aws" / "target" / "local-aws.jar"
BOOTSTRAP = ROOT / "lambda-runtime" / "target" / "bundle" / "bootstrap"
IMAGE = ROOT / "lambda-runtime" / "target" / "image"
JAVA_HOME = ROOT / "e2e" / "target" / "java-home"
FIXTURES = ROOT / "lambda-runtime" / "src" / "test" / "resources" / "fixtures"


def java() -> Path:
    """The one that built everything: the build has written down where it is."""
    return Path(JAVA_HOME.read_text().strip()) / "bin" / "java"


def environment(**more: str) -> dict[str, str]:
    """The user's own, without what it says about AWS, Python and Feast."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "FEAST_", "FEATURE_STORE_", "PYTHON", "PIP_"))
    }
    # Feast 0.14 reports its use over the network unless it is told not to.
    return kept | {"FEAST_USAGE": "False", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"} | more


def empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
