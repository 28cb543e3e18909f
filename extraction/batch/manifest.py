"""What a batch was read with and what came of it, kept beside its output."""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
from pydantic import Field, ValidationError

from ...annotations.labelled import Model
from ..record import SCHEMA_VERSION
from ..writers import open_output
from .settings import Settings, digest_of


class Terms(Model):
    """What must be the same for a run to go on where another stopped. ``reader_sha256`` is None for the rules."""

    gongkai: str
    schema_version: str
    reader: str
    reader_sha256: str | None
    time_limit: float
    memory_limit: int


class Session(Model):
    """A part of a run between its start, or its going on, and its end. Times are UTC."""

    started: str
    workers: int
    terms: Terms


class InputLine(Model):
    """An input: its name in the records, what came of it, and of which other it is a copy (by content)."""

    name: str
    status: str
    message: str | None
    bytes: int
    stamp: int
    sha256: str | None
    seconds: float
    copy_of: str | None = None


class Manifest(Model):
    """All that is told of a finished batch. ``output_sha256`` is that of the file of records.

    ``counts`` are records by status, and ``copies`` among them. ``seconds`` is the reading time of all documents
    together, ``versions`` those of Python and the libraries that gongkai needs.
    """

    manifest: int = 1
    terms: Terms
    versions: dict[str, str]
    sessions: list[Session]
    finished: str
    seconds: float
    counts: dict[str, int]
    output: str
    output_bytes: int
    output_sha256: str
    inputs: list[InputLine] = Field(default_factory=list[InputLine])


class ManifestError(Exception):
    """A manifest is missing, damaged, or another file's; the message says which."""


def terms_of(settings: Settings) -> Terms:
    """Return the terms of a run with these settings.

    Raises `models.files.WeightsError` where the learned reader's files are missing or damaged.
    """
    return Terms(
        gongkai=importlib.metadata.version("gongkai"),
        schema_version=SCHEMA_VERSION,
        reader=settings.reader,
        reader_sha256=digest_of(settings.reader),
        time_limit=settings.time_limit,
        memory_limit=settings.memory_limit,
    )


def differences(before: Terms, now: Terms, *, limits: bool = True) -> list[str]:
    """Return in words in which terms two runs differ; those that are ``limits`` count only when asked for.

    A learned reader is the same wherever its files lie.
    """
    same_reader = before.reader_sha256 is not None and before.reader_sha256 == now.reader_sha256
    passed_over = {"reader"} if same_reader else set[str]()
    passed_over |= set[str]() if limits else {"time_limit", "memory_limit"}
    return [
        f"{name.replace('_', ' ')} {getattr(before, name)} then, {getattr(now, name)} now"
        for name in Terms.model_fields
        if name not in passed_over and getattr(before, name) != getattr(now, name)
    ]


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that gongkai's runtime requires, as installed."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for requirement in importlib.metadata.requires("gongkai") or ():
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra ==" not in requirement:
            found[name[0]] = importlib.metadata.version(name[0])
    return found


def write_manifest(path: Path, told: Manifest, inputs: Iterable[InputLine]) -> None:
    """Write a manifest, its inputs one a line and not held in memory together.

    Raises `OSError`.
    """
    head = told.model_dump_json(indent=1, exclude={"inputs"}).removesuffix("\n}")
    with open_output(str(path)) as out:
        out.write(f'{head},\n "inputs": ['.encode())
        for place, line in enumerate(inputs):
            out.write(b",\n  " if place else b"\n  ")
            out.write(orjson.dumps(line.model_dump()))
        out.write(b"\n ]\n}\n")
        out.flush()
        os.fsync(out.fileno())


def read_manifest(path: Path) -> Manifest:
    """Return the manifest at ``path``.

    Raises `ManifestError`.
    """
    try:
        return Manifest.model_validate(json.loads(path.read_bytes()))
    except OSError as error:
        raise ManifestError(f"{path} cannot be read ({error.strerror})") from None
    except (ValueError, ValidationError):
        raise ManifestError(f"{path} is no manifest of this version of gongkai, or damaged") from None


def lines_told_of(told: Manifest, output: Path) -> Iterator[tuple[InputLine, bytes]]:
    """Yield the inputs of a manifest with their records, lines of the output that it tells of.

    Raises `ManifestError` when the output is not that file any more (at its end), `OSError` when it cannot be read.
    """
    changed = f"{output} is not the file that its manifest tells of: it was changed"
    if output.stat().st_size != told.output_bytes:
        raise ManifestError(changed)
    digest = hashlib.sha256()
    with output.open("rb") as lines:
        for line, record in zip(told.inputs, lines, strict=False):
            digest.update(record)
            yield line, record
    if digest.hexdigest() != told.output_sha256:
        raise ManifestError(changed)
