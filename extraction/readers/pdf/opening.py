# pyright: basic
"""Opening a PDF within limits, and saying in words for people why one cannot be opened."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pypdfium2 import PdfDocument, PdfiumError

from ..errors import UnreadableFileError
from .forms import pieces_drawn
from .pdfium import pdfium
from .streams import in_bytes, is_content


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may demand.

    ``pages`` in all; ``seconds`` for all of them, after which the pages left are told as gaps; ``stream`` and ``unpacked``
    bytes that one stream and all streams together may unpack to, images left out, ``content`` what one that draws may
    unpack to (each of its operators costs pdfium a hundred times its length); ``pixels`` of one image; ``pieces``
    that all pages together may draw by name, those inside others counted each time.
    """

    pages: int = 500
    seconds: float = 480
    stream: int = 48 * 1024 * 1024
    unpacked: int = 256 * 1024 * 1024
    content: int = 16 * 1024 * 1024
    pixels: int = 120_000_000
    pieces: int = 200_000


_PASSWORD = 4
_EMPTY = "the PDF has no pages"
_NO_PAGES = re.compile(rb"/Type\s*/Pages[^>]{0,200}/Count\s+0\b|/Count\s+0\b[^>]{0,200}/Type\s*/Pages")
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 4096
_HEX = re.compile(rb"#([0-9a-fA-F]{2})")
_FILTERS = re.compile(rb"/(FlateDecode|Fl|LZWDecode|LZW)\b")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_SIDE = {side: re.compile(rb"/" + side + rb"\s+(\d{1,9})\b") for side in (b"Width", b"Height")}
_LARGEST_LZW = 256 * 1024
"""Of packed bytes; one byte may stand for a thousand, and nobody has packed text so for twenty years."""
_CHUNK = 1 << 20


def open_pdf(raw: bytes, limits: PdfLimits) -> PdfDocument:
    """Return the document that ``raw`` holds. Nothing in it is run, and nothing that it names is fetched.

    Raises `UnreadableFileError` when it is damaged, needs a password, has no pages, or demands more than ``limits``.
    """
    _check(raw, limits)
    try:
        document = PdfDocument(raw)
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableFileError(
                "the PDF is protected with a password; save it without one (print it to a new PDF) first"
            ) from None
        if _NO_PAGES.search(raw):
            raise UnreadableFileError(_EMPTY) from None
        raise UnreadableFileError(
            "the PDF is damaged or cut off and cannot be opened; download or export it again"
        ) from None
    pages = len(document)
    if not pages:
        raise UnreadableFileError(_EMPTY)
    if pages > limits.pages:
        raise UnreadableFileError(
            f"the PDF has {pages} pages, more than the {limits.pages} a report may have; take the report out of it"
        )
    if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) >= 0:  # what was checked above was encrypted
        plain = io.BytesIO()
        document.save(plain, flags=pdfium.FPDF_REMOVE_SECURITY)
        _check(plain.getvalue(), limits)
    return document


def _check(raw: bytes, limits: PdfLimits) -> None:
    """Refuse a file that would fill the memory or take hours. Raises `UnreadableFileError`."""
    _check_streams(raw, limits)
    if pieces_drawn(raw) > limits.pieces:
        raise UnreadableFileError(_bomb(f"draws more than {limits.pieces} pieces, forms inside forms"))


def _check_streams(raw: bytes, limits: PdfLimits) -> None:
    """Refuse a file that would fill the memory when it is unpacked.

    Raises `UnreadableFileError`.
    """
    total = 0
    for head, start in _streams(raw):
        if _IMAGE.search(head):
            sides = [found for pattern in _SIDE.values() if (found := pattern.search(head))]
            if len(sides) == 2 and int(sides[0][1]) * int(sides[1][1]) > limits.pixels:
                raise UnreadableFileError(
                    f"the PDF holds an image of {int(sides[0][1])} by {int(sides[1][1])} pixels; scan it in 300 dpi"
                )
            continue
        packings = _FILTERS.findall(head)
        if len(packings) > 1:
            raise UnreadableFileError(_bomb("is packed several times over"))
        if not packings:
            continue
        if packings[0].startswith(b"LZW"):
            end = raw.find(b"endstream", start)
            if (len(raw) if end < 0 else end) - start > _LARGEST_LZW:
                raise UnreadableFileError(_bomb("holds too much packed in an outdated way (LZW)"))
            continue
        largest = min(limits.stream, limits.content if is_content(head) else limits.stream)
        room = min(largest, limits.unpacked - total)
        size = _unpacked(in_bytes(raw, head, start), room)
        total += size
        if size > room:
            raise UnreadableFileError(_bomb(f"unpacks to more than {room >> 20} MB"))


def _bomb(why: str) -> str:
    return f"the PDF {why}, as no report does, and was not opened; print it to a new PDF if it is one"


def _streams(raw: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary before each stream, its names spelt out, and where the stream begins."""
    for found in _STREAM.finditer(raw):
        head = raw[max(0, found.start() - _DICTIONARY) : found.start()]
        if head.endswith(b"end"):
            continue
        head = head[head.rfind(b"obj") + 3 :] if b"obj" in head else head
        yield _HEX.sub(lambda told: bytes([int(told[1], 16)]), head), found.end()


def _unpacked(packed: memoryview, room: int) -> int:
    """How many bytes a deflated stream unpacks to, counted until it ends or exceeds ``room``."""
    unpacker = zlib.decompressobj()
    size = position = 0
    data: bytes | memoryview = b""
    try:
        while not unpacker.eof and size <= room:
            if not data:
                if position >= len(packed):
                    break
                data = packed[position : position + _CHUNK]
                position += _CHUNK
            size += len(unpacker.decompress(data, _CHUNK))
            data = unpacker.unconsumed_tail
    except zlib.error:
        pass  # encrypted or damaged: pdfium will stop there as well
    return size
