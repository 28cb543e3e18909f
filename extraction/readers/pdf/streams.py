"""The bytes of a stream in a PDF that is not opened yet."""

import base64
import re

_LETTERS = re.compile(rb"/(ASCIIHexDecode|AHx|ASCII85Decode|A85)\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_OTHER = re.compile(rb"/Subtype\b|/Length[123]\b|/Type\s*/(?:XRef|Metadata)\b|/FunctionType\b")


def is_form(head: bytes) -> bool:
    """Return whether a stream with the dictionary ``head`` is a drawing that others may draw by its name."""
    return _FORM.search(head) is not None


def is_content(head: bytes) -> bool:
    """Return whether a stream with the dictionary ``head`` draws: a form, or what a page shows."""
    return is_form(head) or not _OTHER.search(head)


def in_bytes(raw: bytes, head: bytes, start: int) -> memoryview:
    """Return a stream as packed bytes; ``head`` is its dictionary, by which it may be written in letters."""
    letters = _LETTERS.search(head)
    if not letters:
        return memoryview(raw)[start:]
    end = raw.find(b"endstream", start)
    written = raw[start : len(raw) if end < 0 else end]
    try:
        if letters[1] in (b"ASCIIHexDecode", b"AHx"):
            return memoryview(bytes.fromhex(written.split(b">")[0].decode("ascii")))
        return memoryview(base64.a85decode(written.split(b"~>")[0]))
    except ValueError:
        return memoryview(b"")
