"""A report as read: its text, and where each piece of it lies in that text.

All offsets in gongkai are Python character offsets, half-open, into ``Document.text``, which is the text as
read and is never changed; normalised forms live beside it (`normalise.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

UNREAD = "□"
"""Stands in the text for print of which the recogniser of a scan could make nothing."""


class Box(NamedTuple):
    """A rectangle on a page: points (1/72 inch) from the upper left corner of the page as it is displayed.

    Pages count from 1.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Block(NamedTuple):
    """A line of a plain text, or a paragraph or a row of a table of a richer format.

    ``start`` and ``end`` leave out the line end. ``noise`` belongs to the page and not to the report (navigation, share
    bars, page counters, running heads); readers put it behind the report.
    """

    start: int
    end: int
    page: int | None = None
    noise: bool = False


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table found by a reader; ``row`` and ``column`` are those of its upper left corner.

    ``box`` is the room between its rules, where the format has pages.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    start: int
    end: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cell borders the format itself tells (HTML, DOCX, ruled PDF). Plain text has none.

    In the text each row has a line of its own, its cells separated by tabs; a cell that spans rows or columns is
    printed once, at its upper left corner.
    """

    start: int
    end: int
    cells: tuple[GridCell, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size in points as it is displayed. ``scanned`` says that its text was recognised from its image."""

    number: int
    width: float
    height: float
    scanned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """Where each character of a text is printed.

    ``pages`` ``[characters]`` counts from 1, 0 for a character that the reader added (line ends, tabs). ``boxes``
    ``[characters, 4]``: left, top, right, bottom as in `Box`. ``certainty`` ``[characters]`` between 0 and 1 is that of
    the recogniser, None for print that is not recognised from an image.
    """

    pages: NDArray[np.int32]
    boxes: NDArray[np.float32]
    certainty: NDArray[np.float32] | None = None


class Candidate(NamedTuple):
    """What may be printed in a cell, and how sure the recogniser is of it."""

    text: str
    certainty: float


Reread = Callable[[Sequence[Box]], Sequence[Sequence[Candidate]]]
"""Takes the boxes of cells on scanned pages and reads each again with more care; returns what may be printed in each,
likeliest first, nothing where no such cell is found."""


class Gap(NamedTuple):
    """Something in the file that could not be read while the rest was; ``message`` says what, and what to do."""

    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader hands on.

    ``source`` is the name of the file as the user gave it, ``sha256`` the digest of its bytes, ``reader`` the
    reader that read it (``text``, ``html``, ``docx``, ``office``, ``pdf``, ``scan``). ``title`` is the report's where it is known from
    outside the text, as that of a passage is. ``published`` is the day on which the page that holds the report says it
    was published. ``reread`` is there where pages were recognised from images.
    """

    text: str
    blocks: tuple[Block, ...]
    source: str
    sha256: str
    reader: str
    grids: tuple[Grid, ...] = ()
    title: str | None = None
    published: date | None = None
    pages: tuple[Page, ...] = ()
    print: Print | None = None
    gaps: tuple[Gap, ...] = ()
    reread: Reread | None = None

    @property
    def report_end(self) -> int:
        """Where the report ends and the page's own text begins, which readers put behind it."""
        return next((block.start for block in self.blocks if block.noise), len(self.text))

    def certainty(self, start: int, end: int) -> float:
        """Return how sure the recogniser is of the least sure character printed in ``text[start:end]``; 1 for others."""
        if self.print is None or self.print.certainty is None:
            return 1.0
        printed = self.print.certainty[start:end][self.print.pages[start:end] > 0]
        return float(printed.min()) if len(printed) else 1.0

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return where ``text[start:end]`` is printed: a box for each line of it, none where the format has no pages."""
        if self.print is None:
            return []
        lines: list[Box] = []
        for page, box in zip(self.print.pages[start:end], self.print.boxes[start:end], strict=True):
            if not page:
                continue
            left, top, right, bottom = (float(edge) for edge in box)
            last = lines[-1] if lines else None
            if (
                last
                and last.page == page
                and min(last.bottom, bottom) - max(last.top, top)
                > 0.5 * min(last.bottom - last.top, bottom - top)
            ):
                lines[-1] = Box(
                    int(page),
                    min(last.left, left),
                    min(last.top, top),
                    max(last.right, right),
                    max(last.bottom, bottom),
                )
            else:
                lines.append(Box(int(page), left, top, right, bottom))
        return lines
