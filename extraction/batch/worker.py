"""What a reading process does: ``main`` takes inputs from standard input and gives outcomes to standard output.

Both are pickled. The other side is `processes.Worker`.
"""

import faulthandler
import os
import pickle
import shutil
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from .inputs import Input
from .programs import end_programs_in
from .reading import read_outcome
from .settings import Settings, components_of, limits_of

_GRACE = 30.0
"""Seconds after the time limit when a process ends itself, should nobody be left who ends it."""


def main() -> None:
    """Read the settings, answer with None or with why no document can be read, then read what comes until the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    tasks, replies, nowhere = _take_streams()
    settings: Settings = pickle.load(tasks)
    try:
        components = components_of(settings.reader)
    except Exception as error:
        _send(replies, f"{error or repr(error)}")
        return
    _send(replies, None)
    os.dup2(nowhere, 2)  # libraries' warnings about single files

    waiting: SimpleQueue[Input] = SimpleQueue()
    Thread(target=_receive, args=(tasks, waiting), daemon=True).start()
    while True:
        given = waiting.get()
        faulthandler.dump_traceback_later(settings.time_limit + _GRACE, exit=True, file=nowhere)
        outcome = read_outcome(given, components, limits_of(settings))
        faulthandler.cancel_dump_traceback_later()
        _send(replies, outcome)


def _take_streams() -> tuple[BinaryIO, BinaryIO, int]:
    """Take standard input and output away from libraries and the programs they start; also return the null device."""
    tasks, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return tasks, replies, nowhere


def _receive(tasks: BinaryIO, waiting: "SimpleQueue[Input]") -> None:
    """Hand on inputs; when no more can come, the process that sent them is gone, and this one ends at once."""
    try:
        while True:
            waiting.put(pickle.load(tasks))
    except (EOFError, OSError, pickle.UnpicklingError):
        # Not `tempfile.gettempdir`, which names another folder where this one is full or gone.
        own = os.environ["TMPDIR"]
        end_programs_in(own)
        shutil.rmtree(own, ignore_errors=True)
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)
        os._exit(1)


def _send(replies: BinaryIO, reply: Any) -> None:  # noqa: ANN401
    pickle.dump(reply, replies, protocol=pickle.HIGHEST_PROTOCOL)
    replies.flush()
