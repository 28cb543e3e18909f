"""Records into files."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .record import Record


def json_line(record: Record) -> bytes:
    """Return the record as one line of JSON, UTF-8, Chinese as it is, with its line end."""
    return record.model_dump_json().encode() + b"\n"


@contextmanager
def open_output(path: str) -> Generator[BinaryIO]:
    """Open ``path`` for writing, ``-`` for standard output; missing folders are made.

    The file appears under its name only when the block ends without an error, so that a half-written one is never
    mistaken for a whole one.

    Raises `OSError` when it cannot be written.
    """
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.exists() and not target.is_file():  # a device or pipe is written as it is
        with target.open("wb") as out:
            yield out
        return
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as out:
            yield out
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
