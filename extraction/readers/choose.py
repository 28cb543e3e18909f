"""Choosing the reader by what the file holds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from ..document import Document
from .errors import UnreadableFileError
from .kinds import Kind, kind_of
from .text import read_text

MAX_BYTES = 64 * 1024 * 1024
"""Largest file read. The longest real reports stay under 1 MB as text, scans of them under 50 MB."""

Reader = Callable[..., Document]
"""Takes a file's bytes, its name as the user gave it, the digest of the bytes, and, where it has pages, its limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may demand of its reader; None stands for what the reader allows.

    ``size`` is in bytes. ``pages``, ``pixels`` of one image, and ``seconds`` for all pages together (those left then are
    told as gaps) are of PDF files and scans.
    """

    size: int = MAX_BYTES
    pages: int | None = None
    pixels: int | None = None
    seconds: float | None = None


# Each loads libraries that are not needed for other formats.
_MODULES: dict[Kind, tuple[str, str]] = {
    "html": ("html.page", "read_html"),
    "docx": ("word.docx", "read_docx"),
    "office": ("word.office", "read_office"),
    "pdf": ("pdf.file", "read_pdf"),
    "image": ("scan.file", "read_image"),
}
_EXTRAS: dict[Kind, str] = {"image": "scan"}
"""Formats whose libraries come with an extra."""
_PAGED: tuple[Kind, ...] = ("pdf", "image")


def read_document(path: str | Path, limits: Limits | None = None) -> Document:
    """Read the report at ``path``.

    Raises `UnreadableFileError` when the file is missing, empty, of a kind or encoding that cannot be read, or demands
    more than ``limits``.
    """
    path, limits = Path(path), limits or Limits()
    raw = _read_bytes(path, limits.size)
    return _reader_of(kind_of(raw), limits)(raw, str(path), hashlib.sha256(raw).hexdigest())


def _reader_of(kind: Kind, limits: Limits) -> Reader:
    if kind == "text":
        return read_text
    name, function = _MODULES[kind]
    try:
        module: Any = import_module(f".{name}", __package__)
    except ImportError as error:
        extra = _EXTRAS.get(kind)
        if extra is None:
            raise
        raise UnreadableFileError(
            f'reading this needs {error.name}, which is not installed: pip install "gongkai[{extra}]"'
        ) from None
    reader: Reader = getattr(module, function)
    if kind not in _PAGED:
        return reader
    told = {"pages": limits.pages, "pixels": limits.pixels, "seconds": limits.seconds}
    own = replace(module.LIMITS, **{name: limit for name, limit in told.items() if limit is not None})
    return partial(reader, limits=own)


def _read_bytes(path: Path, most: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > most:
            raise UnreadableFileError(
                f"the file has {size / 1e6:.0f} MB, more than the {most / 1e6:.0f} MB a report may have; "
                "split it if it holds several reports"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError("this is a folder, not a file") from None
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be opened: {error.strerror}") from None
