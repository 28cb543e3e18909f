"""Finding what is to be read: files behind folders, patterns and lists, and the files in archives."""

import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..readers import UnreadableFileError
from .archives import members_of, read_member

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Input:
    """One document to be read.

    ``name`` is what its record calls it, ``path`` the file it lies in, ``member`` its place in that file where that is
    an archive. ``size`` is in bytes, -1 where the file is not there; ``stamp`` changes when the content does. ``wrong``
    says why it cannot be read, where that is known already.
    """

    name: str
    path: str
    member: int | None = None
    size: int = -1
    stamp: int = 0
    wrong: str | None = None


def find_inputs(paths: Iterable[str]) -> list[str]:
    """Return the files behind ``paths``, each once, in the order given.

    A folder stands for all files below it whose path has no hidden part, sorted by name. A pattern with ``*``, ``?``
    or ``**`` stands for what it matches. A path that does not exist, and a folder that cannot be opened, are kept, so
    that they get an error of their own.
    """
    found: dict[str, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_expand(path)))
    return list(found)


def read_list(source: str) -> list[str]:
    """Return the paths in the text file ``source`` (``-`` for standard input), one a line, blank lines left out.

    The list is UTF-8; bytes that are not are taken as they are, as names of files may be on Linux.

    Raises `OSError` when it cannot be read.
    """
    raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    lines = raw.removeprefix(b"\xef\xbb\xbf").splitlines()
    return [line.decode("utf-8", "surrogateescape") for line in lines if line.strip()]


def inputs_of(files: Iterable[str]) -> Iterator[Input]:
    """Yield the document in each file, or those in it where it is an archive, named ``archive.zip!/path``."""
    for file in files:
        try:
            found = os.stat(file)  # noqa: PTH116  # a Path for each of 100,000 files takes longer than the rest
            members = members_of(file) if stat.S_ISREG(found.st_mode) else None
        except UnreadableFileError as error:
            yield Input(_printable(file), file, wrong=str(error))
        except (OSError, ValueError):  # the reader tells why
            yield Input(_printable(file), file)
        else:
            if members is None:
                yield _file_input(file, found)
            for member in members or ():
                name = f"{_printable(file)}!/{member.name}"
                yield Input(name, file, member.index, member.size, member.crc)


def bytes_of(given: Input) -> bytes:
    """Return the bytes of an input.

    Raises `OSError` or `UnreadableFileError`.
    """
    if given.member is not None:
        return read_member(given.path, given.member)
    return Path(given.path).read_bytes()


def _file_input(file: str, found: os.stat_result) -> Input:
    kind = found.st_mode
    wrong = None
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):  # reading a pipe may never end
        wrong = "this is a pipe or a device, not a file"
    return Input(_printable(file), file, size=found.st_size, stamp=found.st_mtime_ns, wrong=wrong)


def _expand(path: str) -> list[str]:
    if Path(path).is_dir():
        return sorted(_below(path), key=lambda file: Path(file).parts)
    if _GLOB & set(path) and not Path(path).exists():
        # pathlib takes no absolute patterns
        matches = [p for p in sorted(glob.glob(path, recursive=True)) if Path(p).is_file()]  # noqa: PTH207
        return matches or [path]
    return [path]


def _below(folder: str) -> Iterator[str]:
    closed: list[str] = []
    for place, folders, files in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (str(Path(place, name)) for name in files if not name.startswith("."))
        yield from (path for path in paths if Path(path).is_file())
    yield from closed


def _printable(path: str) -> str:
    """The path as text: names that are not UTF-8 are GBK where they can be."""
    try:
        path.encode("utf-8")
        return path
    except UnicodeEncodeError:
        raw = os.fsencode(path)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace")
