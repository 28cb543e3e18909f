"""One input read in this process, and what a batch needs to know of it."""

import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..components import Components
from ..document import Document
from ..pipeline import extract_document, failed_record
from ..readers import Limits, UnreadableFileError, read_document
from ..readers.kinds import kind_of
from ..record import Record
from ..writers import json_line
from .inputs import Input, bytes_of
from .settings import Settings, components_of, limits_of

_FEW = 4
_LIGHT = 1_000_000
"""Bytes of plain text that are read in well under the time a process takes to start."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A record as a line of JSON with its line end; its status, the digest of the file, and what went wrong first.

    ``seconds`` is how long the reading took.
    """

    line: bytes
    status: str
    sha256: str | None
    message: str | None
    seconds: float


def read_input(given: Input, components: Components, limits: Limits | None = None) -> Record:
    """Return the record of an input. Never raises for what the input is or holds."""
    try:
        if given.wrong:
            raise UnreadableFileError(given.wrong)
        document = _document(given, limits)
    except UnreadableFileError as error:
        return failed_record(given.name, "reader", str(error))
    except Exception as error:  # whatever a file brings, the others must be read
        return failed_record(
            given.name, "reader", f"stopped unexpectedly, please report this file: {error!r}"
        )
    return extract_document(document, components)


def outcome_of(record: Record, seconds: float = 0.0) -> Outcome:
    """Return the outcome that a record is."""
    message = record.errors[0].message if record.errors else None
    return Outcome(json_line(record), record.status, record.report.sha256, message, seconds)


def read_outcome(given: Input, components: Components, limits: Limits | None = None) -> Outcome:
    """Return the outcome of reading an input."""
    began = time.perf_counter()
    record = read_input(given, components, limits)
    try:
        return outcome_of(record, time.perf_counter() - began)
    except ValueError as error:  # half a character, which a reader should not have let through
        message = f"the record cannot be written, please report this file: {error}"
        return outcome_of(failed_record(given.name, "reader", message))


def is_light(inputs: Sequence[Input]) -> bool:
    """Whether the inputs are so few and so plain that they are read in this process without risk or delay.

    A short plain text neither hangs nor crashes a reader; other formats are read by native code, within limits only.
    """
    return len(inputs) <= _FEW and all(map(_is_short_text, inputs))


class ReadHere:
    """Reads each input in this process when it is put in; the face of `pool.Pool`."""

    def __init__(self, settings: Settings) -> None:
        self._components = components_of(settings.reader)
        self._limits = limits_of(settings)
        self._done: deque[tuple[int, Outcome]] = deque()

    @property
    def running(self) -> int:
        """How many outcomes wait to be taken."""
        return len(self._done)

    @property
    def is_full(self) -> bool:
        """Whether an outcome must be taken before another input is put in."""
        return bool(self._done)

    def put(self, number: int, given: Input) -> None:
        """Read an input."""
        self._done.append((number, read_outcome(given, self._components, self._limits)))

    def take(self) -> tuple[int, Outcome]:
        """Return an input's number and its outcome."""
        return self._done.popleft()

    def close(self) -> None:
        """Nothing is held."""


def _document(given: Input, limits: Limits | None) -> Document:
    if given.member is None:
        return replace(read_document(given.path, limits), source=given.name)
    raw = bytes_of(given)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member"
        path.write_bytes(raw)
        return replace(read_document(path, limits), source=given.name)


def _is_short_text(given: Input) -> bool:
    if given.wrong or given.size > _LIGHT:
        return bool(given.wrong)
    try:
        return kind_of(bytes_of(given)) == "text"
    except (OSError, UnreadableFileError):
        return True
