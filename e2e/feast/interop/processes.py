"""Child processes that say when they are ready, and end with whoever started them."""

import ctypes
import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Service:
    """A process in a group of its own. What it prints goes to a log file, and is watched for the ready line."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        ready: str,
        log: Path,
        environment: Mapping[str, str],
        folder: Path,
    ) -> None:
        self.name = name
        self._log = log
        self._pattern = re.compile(ready)
        self._match: re.Match[str] | None = None
        self._watched = threading.Event()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        threading.Thread(target=self._watch, name=f"{name} log", daemon=True).start()

    def _watch(self) -> None:
        assert self._process.stdout is not None
        with open(self._log, "w") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                if self._match is None and (match := self._pattern.search(line)):
                    self._match = match
                    self._watched.set()
        self._watched.set()

    def await_ready(self, seconds: float = 120) -> str:
        """Returns what the ready line's group holds: as a rule the URL that is served."""
        self._watched.wait(seconds)
        if self._match is None:
            said = self._log.read_text()[-4000:]
            raise RuntimeError(f"{self.name} did not get ready in {seconds:.0f} s; it said:\n{said}")
        return self._match.group(1)

    def end(self) -> None:
        """Asks the whole group to end, and after ten seconds makes it."""
        for ending, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            try:
                os.killpg(self._process.pid, ending)
                self._process.wait(seconds)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.wait(10)


def run(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    seconds: float = 300,
) -> None:
    """Runs to the end; what it said is in the exception if that is not a good one."""
    with open(log, "w") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        try:
            code = process.wait(seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if code != 0:
        raise RuntimeError(f"{name} ended with {code}; it said:\n{log.read_text()[-4000:]}")
