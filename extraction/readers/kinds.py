"""What kind of file some bytes are, told by what they hold and never by the file's name."""

import io
import zipfile
from typing import Literal

from .errors import UnreadableFileError

Kind = Literal["text", "html", "docx", "office", "pdf", "image"]

# First bytes (https://en.wikipedia.org/wiki/List_of_file_signatures).
_SIGNATURES: dict[bytes, Kind] = {
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "office",  # Word before 2007, and WPS
    b"{\\rtf": "office",
    b"\x89PNG\r\n\x1a\n": "image",
    b"\xff\xd8\xff": "image",
    b"II*\x00": "image",
    b"MM\x00*": "image",
    b"GIF8": "image",
    b"BM": "image",
}
_OTHERS = {
    b"Rar!": "a RAR archive: unpack it first",
    b"7z\xbc\xaf": "a 7-Zip archive: unpack it first",
    b"\x1f\x8b": "a gzip archive: unpack it first",
}
_MARKUP = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"<table", b"<div", b"<p>", b"<p ", b"<h1", b"<title",
    b"<style", b"<script", b"<section", b"<article", b"<pre", b"<frameset", b"mime-version:",
)  # fmt: skip
_PDF_WITHIN = 1024
"""A PDF may have so many bytes of something else before its header (ISO 32000-1, annex H)."""
_MARKUP_WITHIN = 2048
_BITMAP_HEADER = 26


def kind_of(raw: bytes) -> Kind:
    """Return the kind of file that ``raw`` is; what is nothing else is a text.

    Raises `UnreadableFileError` when it is a kind that cannot be read.
    """
    for signature, told in _OTHERS.items():
        if raw.startswith(signature):
            raise UnreadableFileError(f"this is {told}")
    for signature, kind in _SIGNATURES.items():
        if raw.startswith(signature) and (signature != b"BM" or _is_bitmap(raw)):
            return kind
    if raw.startswith(b"PK\x03\x04"):
        return _kind_of_package(raw)
    if b"%PDF-" in raw[:_PDF_WITHIN]:
        return "pdf"
    return "html" if _is_markup(raw) else "text"


def _is_bitmap(raw: bytes) -> bool:
    return len(raw) > _BITMAP_HEADER and raw[6:10] == bytes(4)


def _kind_of_package(raw: bytes) -> Kind:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(raw)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFileError("this is a damaged ZIP or DOCX file: it cannot be opened") from None
    is_office = "[Content_Types].xml" in names
    if "word/document.xml" in names or (is_office and any(name.startswith("word/") for name in names)):
        return "docx"
    if "content.xml" in names and "mimetype" in names:
        return "office"
    if is_office:
        raise UnreadableFileError(
            "this is an Office file that is no text document (a workbook or slides): save its text as DOCX first"
        )
    raise UnreadableFileError("this is a ZIP archive: unpack it first")


def _is_markup(raw: bytes) -> bool:
    head = raw[:_MARKUP_WITHIN]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    if head.startswith((b"<?xml", b"<!--")):
        return any(mark in head for mark in _MARKUP[:5])
    return head.startswith(_MARKUP) or (head.startswith((b"from:", b"subject:")) and b"mime-version:" in head)
