"""Choosing the reader by what the file holds."""

import hashlib
from pathlib import Path

from ..document import Document
from .errors import UnreadableFileError
from .text import decode, text_blocks

MAX_BYTES = 32 * 1024 * 1024
"""Largest file read. The longest real reports stay under 1 MB; more is a data set or a mistake."""

# First bytes of formats that are no plain text (https://en.wikipedia.org/wiki/List_of_file_signatures).
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a DOCX, WPS or ZIP file",
    b"\xd0\xcf\x11\xe0": "a DOC, XLS or WPS file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"GIF8": "a GIF image",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"mime-version:")


def read_document(path: str | Path) -> Document:
    """Read the report at ``path``.

    Raises `UnreadableFileError` when the file is missing, too large, empty, or of a kind or encoding that cannot be
    read.
    """
    path = Path(path)
    raw = _read_bytes(path)
    _refuse_other_formats(raw)
    text = decode(raw)
    if not text.strip():
        raise UnreadableFileError("the file is empty: there is no text in it")
    return Document(
        text=text,
        blocks=text_blocks(text),
        source=str(path),
        sha256=hashlib.sha256(raw).hexdigest(),
        reader="text",
    )


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


def _refuse_other_formats(raw: bytes) -> None:
    for signature, name in _SIGNATURES.items():
        if raw.startswith(signature):
            raise UnreadableFileError(
                f"this is {name}; only plain text can be read so far: save it as text first"
            )
    if raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise UnreadableFileError(
            "this is a web page; only plain text can be read so far: save it as text first"
        )
