"""Opening the log of a run: a new one, or one with what earlier runs have read."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .files import BatchError, RunFiles
from .inputs import Input
from .log import Head, Log, Place
from .manifest import ManifestError, Session, Terms, differences, lines_told_of, read_manifest


@dataclass(frozen=True, slots=True)
class Going:
    """How a run goes on: not at all, with what is missing, or (``retry``) also with what failed."""

    resume: bool = False
    retry: bool = False


@dataclass(slots=True)
class Kept:
    """Which inputs, by number, have a record in the log, and where. Of a size that does not change."""

    size: int
    starts: "array[int]" = field(init=False)
    lengths: "array[int]" = field(init=False)

    def __post_init__(self) -> None:
        self.starts, self.lengths = (array("q", [-1]) * self.size for _ in range(2))

    def put(self, number: int, place: Place | None) -> None:
        """Remember where an input's record is; None forgets it."""
        self.starts[number], self.lengths[number] = place or (-1, -1)

    def place(self, number: int) -> Place | None:
        """Return where an input's record is."""
        return Place(self.starts[number], self.lengths[number]) if self.starts[number] >= 0 else None


@dataclass(slots=True)
class Opened:
    """A log with the places of what it keeps, the sessions before, and how many kept records have no status ``ok``."""

    log: Log
    kept: Kept
    sessions: list[Session]
    troubled: int


def open_log(files: RunFiles, inputs: Sequence[Input], terms: Terms, going: Going) -> Opened:
    """Return the log of a run.

    Raises `BatchError` when there is one and it is not to be gone on with, or cannot be; `OSError` when it cannot be
    written.
    """
    part = files.log.with_name(f"{files.log.name}.part")
    part.unlink(missing_ok=True)  # of a run killed while it took up an output
    if not going.resume:
        if count := _records_in(files):
            raise BatchError(
                f"{files.log} holds {count} records of a run that did not finish: add --resume to go on with it, or "
                "delete it to begin anew"
            )
        files.log.unlink(missing_ok=True)
    elif not files.log.exists() and files.output.exists():
        _take_up_output(files, part, terms, going)
    log = Log(files.log)
    try:
        return _scan(log, inputs, terms, going)
    except BaseException:
        log.close()
        raise


def _records_in(files: RunFiles) -> int:
    if not files.log.exists():
        return 0
    log = Log(files.log)
    try:
        return sum(head is not None for _, _, head in log.lines())
    finally:
        log.close()


def _scan(log: Log, inputs: Sequence[Input], terms: Terms, going: Going) -> Opened:
    numbers = {given.name: number for number, given in enumerate(inputs)}
    kept = Kept(len(inputs))
    sessions: list[Session] = []
    strangers: dict[str, None] = {}
    troubled: set[int] = set()
    for place, session, head in log.lines():
        if head is None:
            sessions.append(_session(session, log, terms))
            continue
        number = numbers.get(head.name)
        if number is None:
            strangers[head.name] = None
            continue
        # A record of which no session tells how it was read is read again.
        keep = bool(sessions) and _is_same(head, inputs[number])
        keep = keep and not (going.retry and head.status == "failed")
        kept.put(number, place if keep else None)
        (troubled.add if keep and head.status != "ok" else troubled.discard)(number)
    if sessions and (wrong := differences(sessions[-1].terms, terms, limits=not going.retry)):
        way_out = f"add --retry-failed to go on with other limits, or delete {log.path.name} to begin anew"
        raise BatchError(_refusal(f"{log.path} was begun", wrong, way_out))
    if strangers:
        raise BatchError(
            f"{log.path} holds {len(strangers)} records of files that are not among the inputs now "
            f"({next(iter(strangers))}): name them too, or write to another output"
        )
    return Opened(log, kept, sessions, len(troubled))


def _session(told: dict[str, Any], log: Log, terms: Terms) -> Session:
    way_out = f"or delete {log.path.name} to begin anew"
    try:
        session = Session.model_validate(told)
    except ValidationError:
        raise BatchError(_refusal(f"{log.path} was begun", ["another gongkai"], way_out)) from None
    if wrong := differences(session.terms, terms, limits=False):
        raise BatchError(_refusal(f"{log.path} was begun", wrong, way_out))
    return session


def _take_up_output(files: RunFiles, part: Path, terms: Terms, going: Going) -> None:
    """Make a log of a finished output, by way of ``part``, so that what is new or failed can be read and the rest kept."""
    anew = "leave out --resume to write it anew"
    try:
        told = read_manifest(files.manifest)
        if wrong := differences(told.terms, terms, limits=not going.retry):
            raise BatchError(_refusal(f"{files.output} was written", wrong, f"or {anew}"))
        log = Log(part)
        try:
            for session in told.sessions:
                log.add_session(session.model_dump())
            for line, record in lines_told_of(told, files.output):
                head = Head(
                    line.name,
                    line.bytes,
                    line.stamp,
                    line.status,
                    line.sha256,
                    line.message,
                    line.seconds,
                )
                log.add(head, record)
            log.sync()
        finally:
            log.close()
        part.replace(files.log)
    except ManifestError as error:
        raise BatchError(f"{error}: {anew}") from None
    finally:
        part.unlink(missing_ok=True)


def _is_same(head: Head, given: Input) -> bool:
    """Whether the input is what it was when its record was made; a file that is gone keeps its record."""
    return given.size < 0 or (head.size, head.stamp) == (given.size, given.stamp)


def _refusal(what: str, wrong: list[str], way_out: str) -> str:
    return f"{what} with other settings ({'; '.join(wrong)}): use the same as then, {way_out}"
