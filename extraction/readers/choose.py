"""Choosing the reader by what the file holds."""

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ..document import Document
from .errors import UnreadableFileError
from .kinds import Kind, kind_of
from .text import read_text

MAX_BYTES = 64 * 1024 * 1024
"""Largest file read. The longest real reports stay under 1 MB as text, scans of them under 50 MB."""

Reader = Callable[[bytes, str, str], Document]
"""Takes a file's bytes, its name as the user gave it, and the digest of the bytes."""

# Each loads libraries that are not needed for other formats.
_MODULES: dict[Kind, tuple[str, str]] = {
    "html": ("html", "read_html"),
    "docx": ("docx", "read_docx"),
    "office": ("office", "read_office"),
    "pdf": ("pdf", "read_pdf"),
    "image": ("scan", "read_image"),
}
_EXTRAS: dict[Kind, str] = {"image": "scan"}
"""Formats whose libraries come with an extra."""


def read_document(path: str | Path) -> Document:
    """Read the report at ``path``.

    Raises `UnreadableFileError` when the file is missing, too large, empty, or of a kind or encoding that cannot be
    read.
    """
    path = Path(path)
    raw = _read_bytes(path)
    return _reader_of(kind_of(raw))(raw, str(path), hashlib.sha256(raw).hexdigest())


def _reader_of(kind: Kind) -> Reader:
    if kind == "text":
        return read_text
    module, name = _MODULES[kind]
    try:
        return getattr(import_module(f".{module}", __package__), name)
    except ImportError as error:
        extra = _EXTRAS.get(kind)
        if extra is None:
            raise
        raise UnreadableFileError(
            f'reading this needs {error.name}, which is not installed: pip install "gongkai[{extra}]"'
        ) from None


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFileError(
                f"the file has {size / 1e6:.0f} MB, more than the {MAX_BYTES / 1e6:.0f} MB a report may have; "
                "split it if it holds several reports"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError("this is a folder, not a file") from None
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be opened: {error.strerror}") from None
