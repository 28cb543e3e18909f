"""What a cluster is to read: files on this machine, on shared and on object storage, and those in archives there."""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ..batch.archives import BEGINNINGS
from ..batch.inputs import Input, bytes_of, find_inputs, inputs_of
from ..readers import UnreadableFileError
from ..readers.choose import MAX_BYTES
from .storage import StorageError, StoredFile, bring, find_stored, is_uri, read_stored

_THREADS = 32
"""Files on object storage that are looked at side by side: each look waits for the network."""


def find_cluster_inputs(paths: Iterable[str]) -> list[Input]:
    """Return the documents behind paths and URIs, each once, in the order given; a URI is its document's name.

    What does not exist, or cannot be opened, is kept, so that it gets an error of its own.

    Raises `storage.StorageError` where a URI's storage cannot be reached.
    """
    found: dict[str, Input] = {}
    for path in paths:
        for given in _stored_inputs(path) if is_uri(path) else _local_inputs(path):
            found.setdefault(given.name, given)
    return list(found.values())


def find_cluster_copies(inputs: Sequence[Input]) -> dict[int, int]:
    """Return for each input with the same bytes as an earlier one the number of the first of them.

    Only inputs of the same size are opened. What cannot be opened is no copy, nor what lies in an archive on object
    storage, which would have to be fetched once more.
    """
    sizes = Counter(given.size for given in inputs)
    alike = [n for n, given in enumerate(inputs) if sizes[given.size] > 1 and 0 <= given.size <= MAX_BYTES]
    first: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        digests = pool.map(_digest, [inputs[number] for number in alike])
        for number, digest in zip(alike, digests, strict=True):
            if digest and first.setdefault(digest, number) != number:
                copies[number] = first[digest]
    return copies


class Nearby:
    """Copies of files on object storage in a folder of this machine, which is gone when the block ends.

    An archive stays until another is asked for, since many of its files follow each other.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-")
        self._archive: tuple[str, str] | None = None
        self._count = 0

    def __enter__(self) -> "Nearby":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()

    def of(self, given: Input) -> Input:
        """Return the input with the path of its file on this machine, where it lies on object storage.

        Raises `UnreadableFileError` where it cannot be fetched.
        """
        if not is_uri(given.path) or given.wrong:
            return given
        if given.member is not None:
            if self._archive is None or self._archive[0] != given.path:
                self._archive = given.path, self.fetch(given.path)
            return replace(given, path=self._archive[1])
        if given.size > MAX_BYTES:  # of which the reader looks at the size only
            path = self._new_path()
            path.touch()
            os.truncate(path, given.size)
            return replace(given, path=str(path))
        return replace(given, path=self.fetch(given.path))

    def fetch(self, uri: str) -> str:
        """Return the path of a copy of a file.

        Raises `UnreadableFileError` where it cannot be fetched.
        """
        target = self._new_path()
        try:
            bring(uri, target)
        except FileNotFoundError:
            raise UnreadableFileError("there is no such file") from None
        except (OSError, StorageError) as error:
            raise UnreadableFileError(f"it could not be fetched: {error}") from None
        return str(target)

    def tidy(self) -> None:
        """Remove all copies but the archive that was asked for last."""
        for path in Path(self._folder.name).iterdir():
            if self._archive is None or str(path) != self._archive[1]:
                path.unlink()

    def _new_path(self) -> Path:
        self._count += 1
        return Path(self._folder.name) / str(self._count)


def _local_inputs(path: str) -> Iterator[Input]:
    """Those behind a path, with a path that holds wherever a worker stands."""
    for given in inputs_of(find_inputs([path])):
        yield replace(given, path=str(Path(given.path).absolute()))


def _stored_inputs(uri: str) -> Iterator[Input]:
    try:
        stored = list(find_stored(uri))
    except OSError as error:
        raise StorageError(f"{uri}: what lies there cannot be listed: {error}") from None
    if not stored:
        yield Input(uri, uri)
    with ThreadPoolExecutor(_THREADS) as pool:
        for found in pool.map(_inputs_in, stored):
            yield from found


def _inputs_in(file: StoredFile) -> list[Input]:
    """Those in a file. ZIP files are told by their first bytes, and fetched whole to see what they are."""
    whole = Input(file.uri, file.uri, size=file.size, stamp=file.stamp)
    try:
        if not file.size or not read_stored(file.uri, 4).startswith(BEGINNINGS):
            return [whole]
        with Nearby() as nearby:
            path = nearby.fetch(file.uri)
            found = list(inputs_of([path]))
    except (OSError, UnreadableFileError):  # who reads it will tell
        return [whole]
    return [
        replace(given, name=file.uri + given.name.removeprefix(path), path=file.uri)
        if given.member is not None
        else replace(whole, wrong=given.wrong)
        for given in found
    ]


def _digest(given: Input) -> bytes | None:
    if is_uri(given.path) and given.member is not None:
        return None
    try:
        raw = read_stored(given.path) if is_uri(given.path) else bytes_of(given)
    except (OSError, UnreadableFileError):
        return None
    return hashlib.sha256(raw).digest()
