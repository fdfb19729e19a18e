"""Python environments with exactly what a requirements file pins, kept in the user's cache folder.

An environment's folder is named by what went into it, so that changed requirements are another environment.
It counts once its marker is there, which is written last: what a killed build left has none and is built anew.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"

BOOTSTRAP = REQUIREMENTS / "bootstrap.txt"
"""pip, setuptools and wheel: newer ones refuse the metadata of Feast 0.14.1 and of what it needs."""


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "feast-feature-server" / "python"


def digest(requirements: Path) -> str:
    """Names an environment: what is installed, and the Python below it."""
    content = hashlib.sha256()
    content.update(f"{sys.version}\n{sys.base_prefix}\n".encode())
    content.update(BOOTSTRAP.read_bytes())
    content.update(requirements.read_bytes())
    return content.hexdigest()[:16]


def environment(name: str, cache: Path | None = None) -> Path:
    """Returns the Python of the environment that requirements/NAME.txt pins, built if it is not there."""
    requirements = REQUIREMENTS / f"{name}.txt"
    cache = cache or cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / digest(requirements)
    python = folder / "bin" / "python"
    # The lock goes with the last process that holds it: pip has it too, should this one be killed.
    with open(cache / f"{folder.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        marker = folder / "complete"
        if not (marker.exists() and python.exists()):
            print(f"Installing {name} into {folder}", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            _install(python, BOOTSTRAP, lock.fileno())
            _install(python, requirements, lock.fileno())
            marker.write_text(f"{name}\n")
    return python


def _install(python: Path, requirements: Path, lock: int) -> None:
    """No index is named: pip's own configuration says where packages come from."""
    subprocess.run(
        [
            python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
            "--require-hashes", "--no-deps", "--no-build-isolation", "--requirement", requirements,
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        pass_fds=[lock],
    )  # fmt: skip


def main(names: list[str]) -> int:
    # So that TERM, as Ctrl-C, ends pip before this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in names:
        try:
            print(environment(name))
        except subprocess.CalledProcessError as failed:
            print(f"Installing {name} failed: pip's own words are above.", file=sys.stderr)
            return failed.returncode
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
