"""A report as read: its text, and where each piece of it lies in that text.

All offsets in gongkai are Python character offsets, half-open, into ``Document.text``, which is the text as
read and is never changed; normalised forms live beside it (`normalise.py`).
"""

from dataclasses import dataclass
from typing import NamedTuple


class Block(NamedTuple):
    """A line of a plain text, or a paragraph of a richer format. ``start`` and ``end`` leave out the line end."""

    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table found by a reader; ``row`` and ``column`` are those of its upper left corner."""

    row: int
    column: int
    row_span: int
    column_span: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cell borders the format itself tells (HTML, DOCX, ruled PDF). Plain text has none."""

    start: int
    end: int
    cells: tuple[GridCell, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader hands on.

    ``source`` is the name of the file as the user gave it, ``sha256`` the digest of its bytes, ``reader`` the
    reader that read it (``text``, later ``html`` ...).
    """

    text: str
    blocks: tuple[Block, ...]
    source: str
    sha256: str
    reader: str
    grids: tuple[Grid, ...] = ()
