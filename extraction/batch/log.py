"""The log of a run: every record as soon as it is there, in a file that only grows and survives a kill at any moment.

A line has a CRC-32 of the rest, a head and a record, with tabs between (inside JSON there are none)::

    5d41402a <tab> {"name":"a.txt","status":"ok",...} <tab> {"schema_version":...}

The head of a session's first line is ``{"session":...}``, and its record is empty. A line cut short by a kill is cut off
when the log is opened again; one that the disk damaged is passed over. Each line is handed to the system at once, so
that a killed run loses nothing; it is forced to the disk every few seconds, so that a power cut loses no more.
"""

import os
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from .inputs import Input
from .reading import Outcome

_SYNC_EVERY = 5.0
"""Seconds."""
_LONGEST_HEAD = 4096
"""Bytes that are read where a head is wanted alone; longer ones are read with their record."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a log says of an input it has the record of: the input's name, size and stamp, and the `Outcome`."""

    name: str
    size: int
    stamp: int
    status: str
    sha256: str | None
    message: str | None
    seconds: float


class Place(NamedTuple):
    """Where a line of the log begins, and its length in bytes."""

    start: int
    length: int


def head_of(given: Input, outcome: Outcome) -> Head:
    """Return what the log says of an input and its outcome."""
    return Head(
        given.name,
        given.size,
        given.stamp,
        outcome.status,
        outcome.sha256,
        outcome.message,
        round(outcome.seconds, 3),
    )


class Log:
    """A log opened for adding and reading.

    Raises `OSError` when it cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+b", buffering=0)
        self._end = self._file.seek(0, os.SEEK_END)
        self._syncs = ThreadPoolExecutor(1)  # a busy disk takes seconds, in which much can be read
        self._sync: Future[None] = self._syncs.submit(lambda: None)
        self._synced = time.monotonic()

    def lines(self) -> Iterator[tuple[Place, dict[str, Any], Head | None]]:
        """Yield each whole line's place, with what the head of a session holds, or an input's head.

        Must be read to the end before anything is added; then a last line cut short is gone.
        """
        start = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                parts = _parts(line)
                if parts and (session := parts[0].get("session")):
                    yield Place(start, len(line)), session, None
                elif parts:
                    yield Place(start, len(line)), {}, Head(**parts[0])
                start += len(line)
        self._cut(start)

    def add_session(self, session: dict[str, Any]) -> None:
        """Add the first line of a session."""
        self._add({"session": session}, b"\n")
        self.sync()

    def add(self, head: Head, line: bytes) -> Place:
        """Add a record, a line of JSON with its line end."""
        place = self._add(asdict(head), line)
        if self._sync.done() and time.monotonic() - self._synced > _SYNC_EVERY:
            self._sync.result()
            self._sync = self._syncs.submit(os.fsync, self._file.fileno())
            self._synced = time.monotonic()
        return place

    def read(self, place: Place) -> tuple[Head, bytes]:
        """Return the head and the record, a line of JSON with its line end, of the line at ``place``."""
        self._file.seek(place.start)
        line = b""
        while len(line) < place.length and (more := self._file.read(place.length - len(line))):
            line += more
        parts = _parts(line)
        if parts is None:
            raise OSError(None, "the log was changed while it was read", str(self.path))
        return Head(**parts[0]), parts[1]

    def head(self, place: Place) -> Head:
        """Return the head of the line at ``place``, without checking the line."""
        self._file.seek(place.start)
        line = self._file.read(min(place.length, _LONGEST_HEAD))
        if line.count(b"\t") < 2:
            return self.read(place)[0]
        return Head(**orjson.loads(line.split(b"\t", 2)[1]))

    def sync(self) -> None:
        """Force what was added to the disk."""
        self._sync.result()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._syncs.shutdown()
        self._file.close()

    def _add(self, head: dict[str, Any], line: bytes) -> Place:
        rest = orjson.dumps(head) + b"\t" + line
        whole = memoryview(b"%08x\t%b" % (zlib.crc32(rest), rest))
        place = Place(self._end, len(whole))
        try:
            while whole:  # a disk that fills takes a part
                whole = whole[self._file.write(whole) :]
        except OSError:
            self._cut(self._end)
            raise
        self._end += place.length
        return place

    def _cut(self, end: int) -> None:
        self._file.truncate(end)
        self._end = end


def _parts(line: bytes) -> tuple[dict[str, Any], bytes] | None:
    """The head and the record of a line; None where it is damaged."""
    crc, _, rest = line.partition(b"\t")
    if crc != b"%08x" % zlib.crc32(rest):
        return None
    head, _, record = rest.partition(b"\t")
    return orjson.loads(head), record
