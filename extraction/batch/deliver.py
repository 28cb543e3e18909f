"""A finished log into the output, in the order of the inputs, and the manifest."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..writers import open_output
from .copies import record_of_copy
from .files import RunFiles, sync_folder
from .inputs import Input
from .log import Head, Log, Place
from .manifest import InputLine, Manifest, Session, Terms, versions, write_manifest
from .resume import Kept

_NAMED = 200
"""So many of the inputs that have no record with status ``ok`` are named at the end; the manifest names all."""


@dataclass(frozen=True, slots=True)
class Read:
    """All that a run has read: its inputs, which are copies of which by number, and where their records lie."""

    inputs: Sequence[Input]
    copies: Mapping[int, int]
    kept: Kept
    log: Log


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished batch: its manifest, without the inputs, and the first inputs with a status other than ``ok``."""

    manifest: Manifest
    troubled: list[InputLine]


def deliver(files: RunFiles, read: Read, terms: Terms, sessions: list[Session]) -> Finished:
    """Write the output and the manifest, and delete the log. Each file is there in whole or not at all.

    Raises `OSError` when one cannot be written; the log is still there then.
    """
    digest = hashlib.sha256()
    counts: Counter[str] = Counter()
    troubled: list[InputLine] = []
    size, seconds = 0, 0.0
    with open_output(str(files.output)) as out:
        for number in range(len(read.inputs)):
            head, record = _record(read, number)
            out.write(record)
            digest.update(record)
            size += len(record)
            counts[head.status] += 1
            seconds += 0.0 if number in read.copies else head.seconds
            if head.status != "ok" and len(troubled) < _NAMED:
                troubled.append(_line(read, number, head))
        out.flush()
        os.fsync(out.fileno())
    sync_folder(files.output.parent)
    manifest = Manifest(
        terms=terms,
        versions=versions(),
        sessions=sessions,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        counts={**dict(sorted(counts.items())), "copies": len(read.copies)},
        output=files.output.name,
        output_bytes=size,
        output_sha256=digest.hexdigest(),
    )
    write_manifest(files.manifest, manifest, _lines(read))
    sync_folder(files.output.parent)
    read.log.close()
    files.log.unlink()
    return Finished(manifest, troubled)


def _lines(read: Read) -> Iterator[InputLine]:
    for number in range(len(read.inputs)):
        yield _line(read, number, read.log.head(_place(read, number)))


def _line(read: Read, number: int, head: Head) -> InputLine:
    given = read.inputs[number]
    return InputLine(
        name=given.name,
        status=head.status,
        message=head.message,
        bytes=given.size,
        stamp=given.stamp,
        sha256=head.sha256,
        seconds=head.seconds,
        copy_of=read.inputs[read.copies[number]].name if number in read.copies else None,
    )


def _record(read: Read, number: int) -> tuple[Head, bytes]:
    head, line = read.log.read(_place(read, number))
    name = read.inputs[number].name
    if head.name == name:
        return head, line
    return head, record_of_copy(line, name)


def _place(read: Read, number: int) -> Place:
    place = read.kept.place(number) or read.kept.place(read.copies[number])
    assert place is not None
    return place
