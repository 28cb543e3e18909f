"""The folder a cluster writes into, and which parts of a batch are done.

``reports/`` holds the records of reports, ``errors/`` those of inputs that could not be read or are no reports: Parquet
files of the same columns, one for each part of the batch. ``_log/`` holds for each part that is done what became of its
inputs, written last, and ``run.json`` with what the run was begun. ``manifest.json`` is there when all is done.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from pydantic import ValidationError

from ...annotations.labelled import Model
from ..batch.copies import record_of_copy
from ..batch.files import BatchError
from ..batch.inputs import Input
from ..batch.manifest import InputLine, Session, Terms, differences, versions
from ..batch.reading import Outcome
from ..batch.resume import Going
from .parquet import parquet_of
from .parts import Part
from .storage import Folder

REPORTS, ERRORS = "reports", "errors"
_LOG, _RUN, MANIFEST = "_log", "_log/run.json", "manifest.json"
_NO_REPORT = ("failed", "not_a_report")
_THREADS = 32
_NAMED = 200
"""So many of the inputs that have no record with status ``ok`` are named at the end; the logs name all."""


class PartFile(Model):
    """A Parquet file of the output, by its name in the folder."""

    name: str
    records: int
    bytes: int
    sha256: str


class PartLog(Model):
    """What became of a part: the files that hold its records, and its inputs in their order."""

    files: list[PartFile]
    inputs: list[InputLine]


class RunState(Model):
    """The sessions of a run so far."""

    sessions: list[Session]


class ClusterManifest(Model):
    """All that is told of a finished batch; ``counts`` are records by status, and ``copies`` among them.

    ``seconds`` is the reading time of all documents together.
    """

    manifest: int = 1
    terms: Terms
    versions: dict[str, str]
    sessions: list[Session]
    finished: str
    seconds: float
    counts: dict[str, int]
    files: list[PartFile]


@dataclass(slots=True)
class Opened:
    """The sessions of a run before, and the parts that are done, by number."""

    sessions: list[Session]
    done: dict[int, PartLog]


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished batch: its manifest, and the first inputs with a status other than ``ok``."""

    manifest: ClusterManifest
    troubled: list[InputLine]


def open_results(folder: Folder, parts: Sequence[Part], terms: Terms, going: Going) -> Opened:
    """Return how far a run into this folder has got.

    A part is done when its inputs are the same as then; with ``going.retry`` also none of them may have failed.

    Raises `BatchError` where there is a run that is not to be gone on with, or cannot be; `OSError`.
    """
    told = folder.read(_RUN)
    if told is None:
        if others := folder.names():
            raise BatchError(
                f"{folder.place} holds other files ({others[0]}): name a folder of its own for the output"
            )
        return Opened([], {})
    logs = _logs(folder)
    if not going.resume:
        raise BatchError(
            f"{folder.place} holds {len(logs)} parts of a run: add --resume to go on with it, or delete the folder to "
            "begin anew"
        )
    try:
        sessions = RunState.model_validate_json(told).sessions
    except ValidationError:
        raise BatchError(
            f"{folder.place} was written by another gongkai, or is damaged: name another output"
        ) from None
    if wrong := differences(sessions[-1].terms, terms, limits=not going.retry):
        raise BatchError(
            f"{folder.place} was begun with other settings ({'; '.join(wrong)}): use the same as then, "
            "add --retry-failed to go on with other limits, or name another output"
        )
    _refuse_strangers(folder, parts, logs.values())
    return Opened(
        sessions, {part.number: logs[part.number] for part in parts if _is_done(part, logs, going.retry)}
    )


def begin_session(folder: Folder, sessions: Sequence[Session]) -> None:
    """Write down the sessions of a run, with the one that begins; what is there is not finished from now on.

    Raises `OSError`.
    """
    folder.remove(MANIFEST)
    folder.write(_RUN, RunState(sessions=list(sessions)).model_dump_json(indent=1).encode())


def is_begun(folder: Folder) -> bool:
    """Whether a run into this folder has begun, as this machine sees it."""
    return folder.read(_RUN) is not None


def write_part(folder: Folder, part: Part, outcomes: Mapping[str, Outcome]) -> PartLog:
    """Write the records of a part, then that it is done. ``outcomes`` are those of its inputs but copies, by name.

    The same part gives the same files, so that it does not matter if it is written twice.

    Raises `OSError`.
    """
    lines: dict[str, list[bytes]] = {REPORTS: [], ERRORS: []}
    told: list[InputLine] = []
    for given, original in part.all_inputs:
        outcome = outcomes[original or given.name]
        line = record_of_copy(outcome.line, given.name) if original else outcome.line
        lines[ERRORS if outcome.status in _NO_REPORT else REPORTS].append(line)
        told.append(_input_line(given, outcome, original))
    files = [_write_records(folder, part.number, kind, records) for kind, records in lines.items()]
    log = PartLog(files=[file for file in files if file], inputs=told)
    folder.write(_log_name(part.number), log.model_dump_json().encode())
    return log


def finish(
    folder: Folder, logs: Mapping[int, PartLog], terms: Terms, sessions: Sequence[Session]
) -> Finished:
    """Write the manifest of a run whose parts are all done, and remove what an earlier cutting into parts left.

    Raises `OSError`.
    """
    files = [file for number in sorted(logs) for file in logs[number].files]
    named = {file.name for file in files} | {_log_name(number) for number in logs} | {_RUN}
    for name in (name for kind in (REPORTS, ERRORS, _LOG) for name in folder.names(kind)):
        if name not in named:
            folder.remove(name)
    lines = [line for number in sorted(logs) for line in logs[number].inputs]
    counts = Counter(line.status for line in lines)
    manifest = ClusterManifest(
        terms=terms,
        versions=versions(),
        sessions=list(sessions),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(sum(line.seconds for line in lines if line.copy_of is None), 1),
        counts={
            **dict(sorted(counts.items())),
            "copies": sum(line.copy_of is not None for line in lines),
        },
        files=files,
    )
    folder.write(MANIFEST, manifest.model_dump_json(indent=1).encode())
    return Finished(manifest, [line for line in lines if line.status != "ok"][:_NAMED])


def _write_records(folder: Folder, number: int, kind: str, records: Sequence[bytes]) -> PartFile | None:
    """The first part has a file of each kind, so that readers find both."""
    name = f"{kind}/part-{number:06}.parquet"
    if not records and number:
        folder.remove(name)
        return None
    data = parquet_of(records)
    folder.write(name, data)
    return PartFile(name=name, records=len(records), bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _input_line(given: Input, outcome: Outcome, original: str | None) -> InputLine:
    return InputLine(
        name=given.name,
        status=outcome.status,
        message=outcome.message,
        bytes=given.size,
        stamp=given.stamp,
        sha256=outcome.sha256,
        seconds=round(outcome.seconds, 3),
        copy_of=original,
    )


def _logs(folder: Folder) -> dict[int, PartLog]:
    names = [name for name in folder.names(_LOG) if name != _RUN]
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(partial(_log, folder), names)
        return {_number(name): log for name, log in zip(names, found, strict=True) if log}


def _log(folder: Folder, name: str) -> PartLog | None:
    try:
        return PartLog.model_validate_json(folder.read(name) or b"")
    except ValidationError:  # half written, where the storage has no whole files only
        return None


def _log_name(number: int) -> str:
    return f"{_LOG}/part-{number:06}.json"


def _number(name: str) -> int:
    return int(name.removesuffix(".json").rpartition("-")[2])


def _is_done(part: Part, logs: Mapping[int, PartLog], retry: bool) -> bool:
    log = logs.get(part.number)
    if log is None or (retry and any(line.status == "failed" for line in log.inputs)):
        return False
    now = [(given.name, given.size, given.stamp, original) for given, original in part.all_inputs]
    return now == [(line.name, line.bytes, line.stamp, line.copy_of) for line in log.inputs]


def _refuse_strangers(folder: Folder, parts: Sequence[Part], logs: Iterable[PartLog]) -> None:
    names = {given.name for part in parts for given, _ in part.all_inputs}
    strangers = [line.name for log in logs for line in log.inputs if line.name not in names]
    if strangers:
        raise BatchError(
            f"{folder.place} holds {len(strangers)} records of files that are not among the inputs now "
            f"({strangers[0]}): name them too, or write to another output"
        )
