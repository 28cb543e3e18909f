"""A process that reads documents, seen from outside: started, asked, watched, ended, and replaced when it dies."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import psutil

from ..pipeline import failed_record
from .inputs import Input
from .programs import end_programs_in
from .reading import Outcome, outcome_of
from .settings import Settings

_TRIES = 2
"""A process may die for reasons outside the document it reads; when a second one dies with it, it is the document."""
_START_PAUSES = (0.0, 2.0, 10.0)
"""Seconds before each try to start a process: memory or processes may be short for a moment only."""
_CHILDREN_AFTER = 1.0
"""Seconds after which the programs that a process started are counted too, which takes a while."""
_MB = 1024 * 1024
_COMMAND = f"from {__package__}.worker import main; main()"
_BROKEN = (EOFError, OSError, pickle.UnpicklingError)


class WorkerError(Exception):
    """No process can be started that reads documents; the message says why."""


class Worker:
    """Reads one document at a time, in a process of its own.

    `read` is called from one thread; `watch` and `close` from any.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._sent: Input | None = None
        self._since: float | None = None
        self._verdict: str | None = None
        self._closed = False

    def read(self, given: Input, ahead: Input | None = None) -> Outcome:
        """Return the outcome of reading ``given``; one that failed where it broke a limit, or the process died twice.

        ``ahead`` is what will be asked for next, if that is known: the process begins it without waiting to be asked.

        Raises `WorkerError`.
        """
        message = ""
        for _ in range(_TRIES):
            process = self._process or self._start()
            outcome = self._ask(process, given, ahead)
            if outcome:
                if self._verdict or self._is_bloated(process):
                    self.end()
                return outcome
            verdict = self._verdict
            message = verdict or _death(process)
            self.end()
            if verdict or self._closed:
                break
        return outcome_of(failed_record(given.name, "worker", message))

    def watch(self) -> None:
        """End the process where its document takes more time or memory than it may."""
        with self._lock:
            if self._since is None or self._verdict or not self._process:
                return
            running = time.monotonic() - self._since
            if running > self._settings.time_limit:
                self._verdict = f"reading took longer than {self._settings.time_limit:g} seconds, the limit for a document"
            elif _memory(self._process.pid, running > _CHILDREN_AFTER) > self._settings.memory_limit * _MB:
                self._verdict = f"reading took more than {self._settings.memory_limit} MB of memory, the limit for a document"
            if self._verdict:
                _kill(self._process)

    def close(self) -> None:
        """End the process, whatever it is doing; it is not started again."""
        with self._lock:
            self._closed = True
            if self._process:
                _kill(self._process)

    def end(self) -> None:
        """End the process and release what it held; not while it reads."""
        with self._lock:
            process, folder = self._process, self._folder
            self._process, self._folder, self._sent = None, "", None
            if process:
                _kill(process)
        if process:
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent yet goes nowhere
                    if stream:
                        stream.close()
        if folder:
            end_programs_in(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _ask(self, process: subprocess.Popen[bytes], given: Input, ahead: Input | None) -> Outcome | None:
        """None where the process died."""
        with self._lock:
            self._since = time.monotonic()
        try:
            for one in (given, ahead):
                if one and one is not self._sent:
                    _send(process, one)
            self._sent = ahead
            return _reply(process)
        except _BROKEN:
            return None
        finally:
            with self._lock:
                self._since = None

    def _is_bloated(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether so much memory stays taken that the next document would pay for it."""
        return _memory(process.pid, children=False) > self._settings.memory_limit * _MB // 2

    def _start(self) -> subprocess.Popen[bytes]:
        wrong = ""
        for pause in _START_PAUSES:
            time.sleep(pause)
            try:
                process = self._launch()
                _send(process, self._settings)
                refusal: str | None = _reply(process)
            except _BROKEN as error:
                wrong = self._last_words() or getattr(error, "strerror", None) or "it ended at once"
                self.end()
                if self._closed:
                    break
                continue
            if refusal is None:
                return process
            self.end()
            raise WorkerError(refusal)
        raise WorkerError(f"no process could be started to read documents in: {wrong}")

    def _launch(self) -> subprocess.Popen[bytes]:
        folder = tempfile.mkdtemp(prefix="gongkai-")
        with self._lock:
            self._folder, self._verdict = folder, None
        errors = Path(folder) / "errors"
        one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
        with errors.open("wb") as told:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
                env={**one, **os.environ, "TMPDIR": folder},
                start_new_session=True,
            )
        with self._lock:
            self._process = process
            if self._closed:
                _kill(process)
        return process

    def _last_words(self) -> str:
        """The last line of what a process that could not start had to say."""
        with suppress(OSError):
            lines = (Path(self._folder) / "errors").read_text("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""


def _send(process: subprocess.Popen[bytes], what: object) -> None:
    assert process.stdin
    pickle.dump(what, process.stdin)
    process.stdin.flush()


def _reply(process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401
    assert process.stdout
    return pickle.load(process.stdout)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group; programs that it started in other groups are left to `end_programs_in`."""
    if sys.platform == "win32":
        process.kill()
    elif process.returncode is None:  # until it is waited for, no other process can have its number
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _memory(pid: int, children: bool) -> int:
    """Bytes that a process holds; 0 where it is gone."""
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *(process.children(recursive=True) if children else ())):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


def _death(process: subprocess.Popen[bytes]) -> str:
    """How a process died, in words. Its group is killed with it."""
    _kill(process)
    status = process.wait()
    if status >= 0:
        return f"the process reading it ended by itself (status {status}), twice"
    name = signal.Signals(-status).name
    why = ", perhaps by the system for want of memory" if name == "SIGKILL" else ""
    return f"the process reading it was ended by {name}{why}, twice"
