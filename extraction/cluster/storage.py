"""Folders and files on this machine, on shared and on object storage, named by a path or a URI such as ``s3://…``.

Object storage is reached through pyarrow, which knows S3, Google's and Azure's and HDFS, and through fsspec for what
else is installed. Keys and endpoints come from the environment, as those libraries have it.
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import fsspec as untyped_fsspec
import pyarrow as untyped_pyarrow
import pyarrow.fs as untyped_pyarrow_fs
from fsspec.implementations.arrow import ArrowFSWrapper

fsspec: Any = untyped_fsspec
pyarrow: Any = untyped_pyarrow
pyarrow_fs: Any = untyped_pyarrow_fs
_BASE = re.compile(r"([a-z][a-z0-9+.-]*)://[^/]*", re.IGNORECASE)
"""The kind of storage, and its host or bucket."""
_GLOB = frozenset("*?[")


class StorageError(Exception):
    """A URI's storage cannot be reached at all; the message says why and what to do."""


class StoredFile(NamedTuple):
    """A file on object storage; ``stamp`` changes when the content does."""

    uri: str
    size: int
    stamp: int


def is_uri(path: str) -> bool:
    """Whether a path is a URI, which only this module can open."""
    return _BASE.match(path) is not None


def find_stored(uri: str) -> Iterator[StoredFile]:
    """Yield the files behind a URI, sorted: of a folder all below it but hidden ones, of a pattern what it matches.

    Nothing where there is none.

    Raises `StorageError`, and `OSError` where the storage answers with an error.
    """
    system = _system_of(uri)
    path = system.path(uri)
    is_pattern = _GLOB & set(path) and not system.face.exists(path)
    found = (system.face.glob if is_pattern else system.face.find)(path, detail=True)
    for name, told in sorted(found.items(), key=lambda item: item[0].split("/")):
        below = name.removeprefix(path).strip("/")
        if told["type"] == "file" and not any(part.startswith(".") for part in below.split("/")):
            yield StoredFile(system.uri(name), int(told["size"] or 0), _stamp(told))


def read_stored(uri: str, end: int | None = None) -> bytes:
    """Return the bytes of a file, or the first ``end`` of them.

    Raises `StorageError`, `OSError`.
    """
    system = _system_of(uri)
    if end is None:
        return system.face.cat_file(system.path(uri))
    with system.face.open(system.path(uri), "rb") as file:
        return file.read(end)


def bring(uri: str, target: Path) -> None:
    """Copy a file on object storage to this machine.

    Raises `StorageError`, `OSError`.
    """
    system = _system_of(uri)
    system.face.get_file(system.path(uri), str(target))


class Folder:
    """A folder that results are written into. Each file is there in whole or not at all.

    Raises `StorageError` where its storage cannot be reached; all methods raise `OSError`.
    """

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/") if is_uri(place) else str(Path(place).absolute())
        if is_uri(place):
            _system_of(place)

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes; None where there is none."""
        try:
            return read_stored(self._of(name)) if is_uri(self.place) else Path(self._of(name)).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file; folders that are missing are made."""
        if is_uri(self.place):  # an object appears when all of it has arrived
            system = _system_of(self.place)
            system.face.pipe_file(system.path(self._of(name)), data)
            return
        target = Path(self._of(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with part.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def names(self, folder: str = "") -> list[str]:
        """Return the names of the files below a folder in it, sorted, half-written and hidden ones left out."""
        top = f"{self.place}/{folder}".rstrip("/")
        if is_uri(self.place):
            found = [stored.uri for stored in find_stored(top)]
        else:
            found = [str(path) for path in Path(top).rglob("*") if path.is_file()]
        names = sorted(path.removeprefix(f"{self.place}/") for path in found)
        return [name for name in names if not name.rpartition("/")[2].startswith(".")]

    def remove(self, name: str) -> None:
        """Remove a file, where there is one."""
        with suppress(FileNotFoundError):
            if is_uri(self.place):
                system = _system_of(self.place)
                system.face.rm_file(system.path(self._of(name)))
            else:
                Path(self._of(name)).unlink()

    def _of(self, name: str) -> str:
        return f"{self.place}/{name}"


class _Arrow(ArrowFSWrapper):
    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        """The path as it is: the wrapper's own takes a question mark for the beginning of a query."""
        return path.rstrip("/")


@dataclass(frozen=True, slots=True)
class _System:
    """A file system with the ``face`` of fsspec; its path ``root`` is the URI ``base``."""

    face: Any
    root: str
    base: str

    def path(self, uri: str) -> str:
        return (self.root + uri[len(self.base) :]).rstrip("/")

    def uri(self, path: str) -> str:
        return self.base + path.removeprefix(self.root)


def _stamp(told: dict[str, Any]) -> int:
    """When a file was written last, in nanoseconds; systems of fsspec name it differently, or not at all."""
    when: Any = told.get("mtime") or told.get("LastModified") or told.get("last_modified") or 0
    return int((when.timestamp() if isinstance(when, datetime) else float(when)) * 1e9)


def _system_of(uri: str) -> _System:
    found = _BASE.match(uri)
    assert found
    try:
        return _open_system(found[0], found[1].lower())
    except ImportError as error:
        raise StorageError(f"{uri}: {error}") from None
    except (pyarrow.ArrowInvalid, ValueError) as error:
        raise StorageError(f"{uri}: no storage of this kind is known ({error})") from None


@cache
def _open_system(base: str, scheme: str) -> _System:
    try:
        system, root = pyarrow_fs.FileSystem.from_uri(base)
    except pyarrow.ArrowInvalid as error:
        if "Unrecognized filesystem type" not in str(error):
            raise
        face = fsspec.filesystem(scheme)
        return _System(face, face._strip_protocol(base).rstrip("/"), base)
    return _System(_Arrow(system), root.rstrip("/"), base)
