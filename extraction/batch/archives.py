"""ZIP archives of reports: which files they hold, and the bytes of one. Nothing is unpacked to where a name says."""

import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..readers import UnreadableFileError
from ..readers.choose import MAX_BYTES

MAX_MEMBERS = 100_000
MAX_RATIO = 200
"""How many times its own size an archive may unpack to. Texts have 3 to 30, blank scanned pages up to 100."""
_SLACK = 64 * 1024 * 1024
"""Archives that unpack to less than this may have any ratio."""

BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
"""The first four bytes of a ZIP file: one with files in it, an empty one."""
_DOCUMENTS = ("[Content_Types].xml", "mimetype")
"""A ZIP file with one of these is a document: Office Open XML, OpenDocument, EPUB."""
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its place among the archive's entries, its name, size in bytes, and CRC-32."""

    index: int
    name: str
    size: int
    crc: int


def members_of(path: str) -> list[Member] | None:
    """Return the files in the archive at ``path`` by name, hidden ones left out; names occur once.

    None when the file is no archive of files, or so damaged that it cannot be opened.

    Raises `UnreadableFileError` when it holds too much, or nothing.
    """
    with Path(path).open("rb") as file:
        if not file.read(4).startswith(BEGINNINGS):
            return None
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(entry.filename in _DOCUMENTS for entry in entries):
        return None
    files = [entry for entry in entries if not entry.is_dir()]
    _check_limits(files, Path(path).stat().st_size)
    members: dict[str, Member] = {}
    again: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        name = shown = _name(entry)
        if entry.is_dir() or _is_hidden(name):
            continue
        while shown in members:
            again[name] += 1
            shown = f"{name} ({again[name] + 1})"
        members[shown] = Member(index, shown, entry.file_size, entry.CRC)
    if not members:
        raise UnreadableFileError("the ZIP archive holds no files")
    return sorted(members.values(), key=lambda member: member.name.split("/"))


def read_member(path: str, index: int) -> bytes:
    """Return the bytes of the entry at ``index`` in the archive at ``path``.

    Raises `UnreadableFileError`.
    """
    try:
        archive = _opened(path, Path(path).stat().st_mtime_ns)
        entry = archive.infolist()[index]
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableFileError("it is encrypted in its ZIP archive: unpack it with its password first")
        if entry.file_size > MAX_BYTES:
            raise UnreadableFileError(
                f"the file has {entry.file_size / 1e6:.0f} MB, more than the {MAX_BYTES / 1e6:.0f} MB a report may have"
            )
        return archive.read(entry)
    except NotImplementedError:
        raise UnreadableFileError(
            "it is compressed in a way that cannot be read: unpack its ZIP archive first"
        ) from None
    except FileNotFoundError:
        raise UnreadableFileError("there is no such archive any more") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError, RuntimeError):
        raise UnreadableFileError("it is damaged in its ZIP archive") from None


@lru_cache(maxsize=1)
def _opened(path: str, _modified: int) -> zipfile.ZipFile:
    # The list of entries is read once for all of them.
    return zipfile.ZipFile(path)


def _check_limits(files: list[zipfile.ZipInfo], size: int) -> None:
    if len(files) > MAX_MEMBERS:
        raise UnreadableFileError(
            f"the ZIP archive holds {len(files):,} files, more than {MAX_MEMBERS:,}: unpack it first"
        )
    unpacked = sum(entry.file_size for entry in files)
    if unpacked > max(MAX_RATIO * size, _SLACK):
        raise UnreadableFileError(
            f"the ZIP archive would unpack to {unpacked / 1e6:,.0f} MB, more than {MAX_RATIO} times its size: "
            "this is no archive of reports"
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: without the mark for UTF-8 it is UTF-8 all the same, or GBK."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                pass
    return name.replace("\\", "/").removeprefix("./")


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or any(
        part.startswith(".") and part not in (".", "..") for part in name.split("/")
    )
