"""Scans: an image, or several in one file, recognised to a `Document`."""

import time
from collections.abc import Sequence
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from ...document import Box, Document, Gap, Page
from ..assemble import Glyph, Paragraph, Part, Table, TableCell, assemble
from ..errors import UnreadableFileError
from ..ruled_grid import RuledGrid
from .cells import CellText, cut_cells, is_blank, line_height, read_cell
from .files import ScanLimits, open_pages
from .image import POINTS_PER_INCH, Edges, PageImage, prepare, scaled
from .lines import find_rules, find_tables
from .orientation import set_upright
from .pages import join_pages
from .recognition import Recogniser, Sign, recogniser
from .rereading import rereader
from .text import TextLine, is_noise, margins_of, paragraphs, read_lines

LIMITS = ScanLimits()


def read_image(raw: bytes, source: str, sha256: str, limits: ScanLimits = LIMITS) -> Document:
    """Return the document that the bytes of an image (PNG, JPEG, TIFF, BMP, GIF) show.

    Raises `UnreadableFileError` when the image is damaged or asks for more than ``limits``, or no text is seen in it.
    """
    recogniser()
    deadline = time.monotonic() + limits.seconds
    found: list[Sequence[Part]] = []
    pages: list[Page] = []
    gaps: list[Gap] = []
    for number, (image, width, height) in enumerate(open_pages(raw, limits), 1):
        if time.monotonic() > deadline:
            gaps.append(Gap(f"pages from {number} on were not read: there was no time left", number))
            break
        parts = recognise_page(image, number, width, height)
        pages.append(Page(number, width, height, scanned=True))
        found.append(parts)
        if not parts and prepare(image, width, height).ink.any():
            gaps.append(Gap("no text was recognised on this page", number))
    if not any(found):
        raise UnreadableFileError(
            "no text was recognised in the image; scan the report again, upright, in 300 dpi"
        )
    made = assemble(join_pages(found), recognised=True)
    return Document(
        made.text,
        made.blocks,
        source,
        sha256,
        "scan",
        made.grids,
        pages=tuple(pages),
        print=made.print,
        gaps=tuple(gaps),
        reread=rereader(lambda number: next(islice(open_pages(raw, limits), number - 1, None))),
    )


def recognise_page(image: NDArray[np.uint8], page: int, width: float, height: float) -> Sequence[Part]:
    """Return what is printed on the image of a page: paragraphs and ruled tables from its top, noise last.

    ``image`` is grey ``[rows, columns]`` or ``[rows, columns, 3]`` in blue, green, red; ``width`` and ``height`` are
    the page's size in points, and boxes come back in points. A page that lies on its side or upside down, or is tilted
    by up to 8 degrees, is read as if it stood straight. Empty when nothing is recognised.

    Raises `UnreadableFileError` when the recogniser is not installed or does not run.
    """
    reader = recogniser()
    straight = prepare(image, width, height)
    if straight.is_noise:
        return []
    straight, boxes = set_upright(straight, reader)
    level, upright = find_rules(straight)
    tables = find_tables(level, upright, straight.dpi)
    scale = straight.dpi / POINTS_PER_INCH
    edges = [scaled(table.edges, scale) for table in tables]
    lines = read_lines(straight, _outside(boxes, edges), reader)
    noise = [line for line in lines if is_noise(line, straight.grey.shape[0])]
    body = [line for line in lines if line not in noise]
    margins = margins_of(body, [(left, right) for left, _, right, _ in edges])
    tops = [0.0, *(top for _, top, _, _ in edges), float(straight.grey.shape[0])]
    parts: list[Part] = []
    for (top, below), table in zip(pairwise(tops), [None, *tables], strict=True):
        if table:
            parts.append(_table(table, level | upright, straight, page, reader))
        within = [line for line in body if top <= line.edges[1] < below]
        parts += [_paragraph(told, straight, page) for told in paragraphs(within, margins)]
    return parts + [_paragraph([line], straight, page, noise=True) for line in noise]


def _outside(boxes: NDArray[np.float32], tables: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    """The boxes whose middle lies in no table; tables are told by their edges."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = np.zeros(len(boxes), np.bool_)
    for left, top, right, bottom in tables:
        inside |= (x > left) & (x < right) & (y > top) & (y < bottom)
    return boxes[~inside]


def _paragraph(lines: Sequence[TextLine], page: PageImage, number: int, *, noise: bool = False) -> Paragraph:
    signs = [sign for line in lines for sign in line.signs]
    places = [place for line in lines for place in line.places]
    text = "".join(sign.text for sign in signs)
    return Paragraph(text, number, noise, _glyphs(signs, places, page, number))


def _table(
    table: RuledGrid, rules: NDArray[np.uint8], page: PageImage, number: int, reader: Recogniser
) -> Table:
    images = cut_cells(page, rules, table.cells)
    height = line_height(images)
    cells: list[TableCell] = []
    for cell, image in zip(table.cells, images, strict=True):
        read = CellText((), ()) if is_blank(image) else read_cell(image, height, reader)
        edges = page.edges_on_page(scaled(cell.edges, page.dpi / POINTS_PER_INCH))
        cells.append(
            TableCell(
                cell.row,
                cell.column,
                read.text,
                cell.row_span,
                cell.column_span,
                Box(number, *edges),
                _glyphs(read.signs, read.edges, page, number),
            )
        )
    return Table(cells, number, table.xs)


def _glyphs(
    signs: Sequence[Sign], places: Sequence[Edges], page: PageImage, number: int
) -> list[Glyph | None]:
    """One entry for each character; a sign may be several characters."""
    return [
        Glyph(Box(number, *page.edges_on_page(place)), sign.certainty)
        for sign, place in zip(signs, places, strict=True)
        for _ in sign.text
    ]
