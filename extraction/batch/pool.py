"""Several processes that read documents side by side."""

import os
import sys
from queue import Empty, Queue
from threading import Event, Thread

from .inputs import Input
from .processes import Worker
from .reading import Outcome
from .settings import Settings

_WATCH_EVERY = 0.2
"""Seconds between looks at time and memory."""
_QUEUED = 3
"""Inputs a process: the one it reads, the one sent ahead so that it never waits for work, and one in the queue."""


class Pool:
    """Reads inputs in ``workers`` processes; outcomes come in the order in which they are finished.

    A process that dies is replaced, and costs at most its own document.
    """

    def __init__(self, settings: Settings, workers: int) -> None:
        self._tasks: Queue[tuple[int, Input] | None] = Queue()
        self._done: Queue[tuple[int, Outcome] | Exception] = Queue()
        self._workers = [Worker(settings) for _ in range(workers)]
        self._closed = Event()
        self._lanes = [Thread(target=self._serve, args=(worker,), daemon=True) for worker in self._workers]
        self.running = 0
        for thread in (*self._lanes, Thread(target=self._watch, daemon=True)):
            thread.start()

    @property
    def is_full(self) -> bool:
        """Whether an outcome must be taken before another input is put in."""
        return self.running >= _QUEUED * len(self._workers)

    def put(self, number: int, given: Input) -> None:
        """Have an input read."""
        self.running += 1
        self._tasks.put((number, given))

    def take(self) -> tuple[int, Outcome]:
        """Wait for an outcome; return its input's number and it.

        Raises `WorkerError` when no process can be started.
        """
        while True:
            try:
                done = self._done.get(timeout=1)  # on Windows a wait without end cannot be interrupted
            except Empty:
                continue
            if isinstance(done, Exception):
                raise done
            self.running -= 1
            return done

    def close(self) -> None:
        """End all processes."""
        self._closed.set()
        for worker in self._workers:
            worker.close()
        for _ in self._lanes:
            self._tasks.put(None)
        for lane in self._lanes:
            lane.join()

    def _serve(self, worker: Worker) -> None:
        try:
            ahead = None
            while not self._closed.is_set() and (task := ahead or self._tasks.get()):
                number, given = task
                ahead = self._ahead()
                self._done.put((number, worker.read(given, ahead[1] if ahead else None)))
        except Exception as error:  # raised where outcomes are taken
            self._done.put(error)
        finally:
            worker.end()

    def _ahead(self) -> tuple[int, Input] | None:
        """What a process may be sent while it reads another; nothing where too little is left to share out."""
        if self.running < 2 * len(self._workers):
            return None
        try:
            return self._tasks.get_nowait()
        except Empty:
            return None

    def _watch(self) -> None:
        while not self._closed.wait(_WATCH_EVERY):
            for worker in self._workers:
                worker.watch()


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
