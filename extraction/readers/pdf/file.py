"""PDF: its text where there is any, and what is recognised on its pages' images where there is none."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import dist

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import PdfiumError

from ...document import Document, Gap, Page, Reread
from ..assemble import Glyph, Paragraph, Part, Table, assemble
from ..errors import UnreadableFileError
from ..page_table import page_table_of
from .characters import Character
from .layout import Element, FlowLine, read_layout
from .opening import PdfLimits, open_pdf
from .paragraphs import paragraphs_and_tables
from .pdfium import LOCK, Handle
from .recognition import REMEDY, RecognisePage, fault_of, image_of, is_readable, page_recogniser
from .running_heads import running_lines
from .sheet import Sheet, read_sheet

LIMITS = PdfLimits()

_WORD = 2.5
"""Ems between the middles of two characters of a word on a slant, at most."""
_MOST_CHARACTERS = 3_000_000
"""In all; the longest real reports have 100,000."""


@dataclass(slots=True)
class _Read:
    """What has been read so far. ``layouts`` has what stands on each page, ``recognised`` the parts of scanned ones."""

    pages: list[Page] = field(default_factory=list[Page])
    layouts: list[list[Element]] = field(default_factory=list[list[Element]])
    heights: list[float] = field(default_factory=list[float])
    slanted: list[Paragraph] = field(default_factory=list[Paragraph])
    recognised: dict[int, Sequence[Part]] = field(default_factory=dict[int, Sequence[Part]])
    gaps: list[Gap] = field(default_factory=list[Gap])
    gutters: list[float] = field(default_factory=list[float])
    characters: int = 0


def read_pdf(raw: bytes, source: str, sha256: str, limits: PdfLimits = LIMITS) -> Document:
    """Return the document that the bytes of a PDF are.

    Text comes in reading order, its line breaks joined; tables across pages are one; running heads, page numbers and
    repeated heads of tables are noise. Hidden text is left out. A page without usable text is recognised from its image
    if the extra ``scan`` is installed; a page that could not be read is told as a gap.

    Raises `UnreadableFileError` when the file is damaged, needs a password, demands more than ``limits``, or no page
    of it can be read.
    """
    read = _Read()
    with LOCK:
        document = open_pdf(raw, limits)
        count = len(document)
    try:
        _read_pages(document, count, limits, read)
    finally:
        with LOCK:
            document.close()
    parts = _parts(read)
    made = assemble(parts, recognised=bool(read.recognised))
    if not made.text.strip():
        raise UnreadableFileError(_nothing(read))
    reader = "scan" if len(read.recognised) == len(read.pages) else "pdf"
    return Document(
        made.text,
        made.blocks,
        source,
        sha256,
        reader,
        grids=made.grids,
        pages=tuple(read.pages),
        print=made.print,
        gaps=tuple(read.gaps),
        reread=_rereader(raw, limits) if read.recognised else None,
    )


def _rereader(raw: bytes, limits: PdfLimits) -> Reread:
    """What reads single cells of the recognised pages again."""
    from ..scan.rereading import rereader  # noqa: PLC0415  # only there when the extra is

    def page_image(number: int) -> tuple[NDArray[np.uint8], float, float]:
        with LOCK:
            document = open_pdf(raw, limits)
            try:
                page = document[number - 1]
                sheet = read_sheet(page, number)
                return image_of(page, sheet), sheet.width, sheet.height
            finally:
                document.close()

    return rereader(page_image)


def _nothing(read: _Read) -> str:
    if not read.gaps:
        return "the PDF is empty or damaged: its pages hold neither text nor images"
    first = read.gaps[0]
    if len(read.pages) == 1:
        return f"its page could not be read; page {first.page}: {first.message}"
    pages = f"its {len(read.pages)} pages" if read.pages else "its pages"
    return f"none of {pages} could be read; page {first.page}: {first.message}"


def _read_pages(document: Handle, count: int, limits: PdfLimits, read: _Read) -> None:
    deadline = time.monotonic() + limits.seconds
    for number in range(1, count + 1):
        if time.monotonic() > deadline or read.characters > _MOST_CHARACTERS:
            why = (
                "the file holds too much text"
                if read.characters > _MOST_CHARACTERS
                else "there was no time left"
            )
            read.gaps.append(Gap(f"pages {number} to {count} were not read: {why}", number))
            return
        try:
            _read_page(document, number, read)
        except PdfiumError:
            read.gaps.append(Gap("this page is damaged and was not read", number))
        except ValueError as error:
            read.gaps.append(Gap(f"this page was not read: {error}", number))


def _read_page(document: Handle, number: int, read: _Read) -> None:
    """Read a page. Raises `ValueError` when there is too much on it, `PdfiumError` when it is damaged."""
    sheet, fault, recognise, image = _taken(document, number)
    parts = None
    if fault and (recognise is None or image is None):
        kept = "its text was taken as it is" if is_readable(sheet) else "it was not read"
        read.gaps.append(Gap(f"{fault}; {kept}; {REMEDY}", number))
    elif fault and recognise is not None and image is not None:
        parts = _recognised(recognise, image, sheet, fault, read)
    layout: list[Element] = []
    if parts is None and (fault is None or is_readable(sheet)):
        layout = read_layout(sheet, read.gutters)
        read.characters += len(sheet.characters)
        read.slanted += _slanted(sheet)
    elif parts:
        read.recognised[len(read.pages)] = parts
    read.pages.append(Page(number, sheet.width, sheet.height, scanned=parts is not None))
    read.layouts.append(layout)
    read.heights.append(sheet.size[1])


def _taken(
    document: Handle, number: int
) -> tuple[Sheet, str | None, RecognisePage | None, NDArray[np.uint8] | None]:
    """What pdfium tells of a page, why its text cannot be used, and what recognises it then from which image.

    Only here is the lock held: recognising takes seconds, and others may read their files meanwhile.
    """
    with LOCK:
        page = document[number - 1]
        try:
            sheet = read_sheet(page, number)
            fault = fault_of(sheet)
            recognise = page_recogniser() if fault else None
            return sheet, fault, recognise, image_of(page, sheet) if recognise else None
        finally:
            page.close()


def _slanted(sheet: Sheet) -> list[Paragraph]:
    """Print on a slant (watermarks), in the order of the page's content."""
    words: list[list[Character]] = []
    for character in sheet.slanted:
        near = words and dist(words[-1][-1].middle, character.middle) < _WORD * character.size
        if near:
            words[-1].append(character)
        else:
            words.append([character])
    return [
        Paragraph("".join(c.text for c in word), sheet.number, True, [Glyph(c.box) for c in word])
        for word in words
    ]


def _recognised(
    recognise: RecognisePage, image: NDArray[np.uint8], sheet: Sheet, fault: str, read: _Read
) -> Sequence[Part] | None:
    """What is recognised on a page's image; None, with a gap told, where nothing recognises it."""
    try:
        parts = recognise(image, sheet.number, sheet.width, sheet.height)
    except UnreadableFileError as error:
        read.gaps.append(Gap(f"{fault}; {error}", sheet.number))
        return None
    if not parts and sheet.drawn:
        read.gaps.append(Gap(f"{fault}; no text was recognised on it", sheet.number))
    return parts


def _parts(read: _Read) -> list[Part]:
    """The parts of all pages, noise last."""
    if read.recognised and len(read.recognised) == len(read.pages):
        from ..scan.pages import join_pages  # noqa: PLC0415  # only there when the extra is

        return join_pages([read.recognised[index] for index in range(len(read.pages))])
    noise = running_lines(read.layouts, read.heights)
    kept: list[list[Element | Paragraph]] = []
    aside: list[Part] = []
    for index, elements in enumerate(read.layouts):
        told: list[Element | Paragraph] = []
        for element in elements or _elements(read.recognised.get(index, ()), read.pages[index].number):
            if isinstance(element, FlowLine) and id(element) in noise:
                aside.append(Paragraph(element.line.text, element.page, True, element.line.running.glyphs))
            else:
                told.append(element)
        kept.append(told)
    return [*paragraphs_and_tables(kept), *aside, *read.slanted]


def _elements(parts: Sequence[Part], page: int) -> list[Element | Paragraph]:
    found: list[Element | Paragraph] = []
    for part in parts:
        element = page_table_of(part, page) if isinstance(part, Table) else part
        if element:
            found.append(element)
    return found
