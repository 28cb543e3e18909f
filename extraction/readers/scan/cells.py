"""The text in the cells of a ruled table. Each cell is read by itself: on a whole page lone digits are overlooked."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ...document import UNREAD
from ..ruled_grid import RuledCell
from .image import POINTS_PER_INCH, Edges, Grey, PageImage
from .recognition import Recogniser, Sign

# Lengths in inches.
_EDGE = 0.03
_SMALLEST_MARK = 0.045
_SPECK = 0.012
_USUAL_HEIGHT = 0.14
_LOWEST_LINE = 0.04

_FAINT = 215
_TALLEST_LINE = 1.3
_FRAMES = ((0.12, 0.3), (0.35, 0.6))
"""Room left above and beside a line, in heights of it: short lines are read in both, and the readings compared."""
_SHORT = 5.0
_DISPUTED = 0.5
_DIGIT_HEIGHT = 0.6


class CellText(NamedTuple):
    """The text of a cell, without line breaks: its characters and where each stands, in pixels of the page."""

    signs: tuple[Sign, ...]
    edges: tuple[Edges, ...]

    @property
    def text(self) -> str:
        return "".join(sign.text for sign in self.signs)


class CellImage(NamedTuple):
    """A cell without its rules: grey values, ink without specks, and where its upper left corner lies."""

    grey: Grey
    ink: Grey
    left: int
    top: int
    dpi: float


def cut_cells(page: PageImage, rules: Grey, cells: Sequence[RuledCell]) -> list[CellImage]:
    """Return the images of ``cells``; ``rules`` marks the page's rules."""
    around = np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)
    return [_cut(page, around, cell) for cell in cells]


def is_blank(cell: CellImage) -> bool:
    """Whether nothing larger than a speck is printed in the cell."""
    return not cell.ink.any()


def line_height(cells: Sequence[CellImage]) -> float:
    """Return the usual height of the cells' lines of text, in pixels."""
    heights = [
        stop - start
        for cell in cells
        for start, stop in _runs(cell.ink.max(axis=1) > 0)
        if stop - start > _LOWEST_LINE * cell.dpi and _extent(cell.ink[start:stop]) > 3 * (stop - start)
    ]
    dpi = cells[0].dpi if cells else 0.0
    return float(np.median(heights)) if heights else _USUAL_HEIGHT * dpi


def read_cell(cell: CellImage, height: float, recogniser: Recogniser) -> CellText:
    """Return what is printed in a cell whose lines are about ``height`` pixels high."""
    signs: list[Sign] = []
    edges: list[Edges] = []
    for start, stop in lines_of(cell.ink, height):
        columns = np.flatnonzero(cell.ink[start:stop].any(axis=0))
        low, high = int(columns[0]), int(columns[-1]) + 1
        read = _read_line(cell, (low, start, high, stop), recogniser)
        signs += read
        place = (cell.left + low, cell.top + start, high - low, stop - start)
        edges += [_placed(sign, place) for sign in read]
    if not signs and not is_blank(cell):
        rows, columns = np.nonzero(cell.ink)
        signs = [Sign(UNREAD, 0.0, 0.0, 1.0)]
        edges = [
            (
                cell.left + float(columns.min()),
                cell.top + float(rows.min()),
                cell.left + float(columns.max()) + 1,
                cell.top + float(rows.max()) + 1,
            )
        ]
    return CellText(tuple(signs), tuple(edges))


def _placed(sign: Sign, place: tuple[int, int, int, int]) -> Edges:
    left, top, width, height = place
    return left + sign.left * width, float(top), left + sign.right * width, float(top + height)


def _cut(page: PageImage, rules: Grey, cell: RuledCell) -> CellImage:
    edge = max(2, round(_EDGE * page.dpi))
    left, top, right, bottom = (max(0, round(at * page.dpi / POINTS_PER_INCH)) for at in cell.edges)
    window = slice(top, bottom + 1), slice(left, right + 1)
    grey, ink = page.grey[window].copy(), page.ink[window].copy()
    # Only along the edges: inside a cell a long stroke may be print.
    border = np.ones(ink.shape, np.bool_)
    border[edge:-edge, edge:-edge] = False
    ruled = border & (rules[window] > 0)
    ruled[:2] = ruled[-2:] = ruled[:, :2] = ruled[:, -2:] = True
    grey[ruled] = 255
    ink[ruled] = 0
    ink = _without_specks(ink, edge, page.dpi)
    if not ink.any():  # print too faint for ink is no blank either
        faint = np.where(cv2.GaussianBlur(grey, (0, 0), 1.0) < _FAINT, 255, 0).astype(np.uint8)
        ink = _without_specks(faint, edge, page.dpi)
    return CellImage(grey, ink, left, top, page.dpi)


def _without_specks(ink: Grey, edge: int, dpi: float) -> Grey:
    """The ink of a cell, empty where nothing is as large as a mark; crumbs of rules along its edges left out."""
    joined = cv2.dilate(ink, np.ones((3, 3), np.uint8))  # print that is broken
    count, found_labels, found, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels = np.asarray(found_labels, np.int32)
    areas = np.bincount(labels[ink > 0], minlength=count)
    keep = np.zeros(count, np.bool_)
    marks = False
    height, width = ink.shape
    for i in range(1, count):
        left, top, w, h = (int(value) for value in found[i][:4])
        at_edge = left + w <= edge or top + h <= edge or left >= width - edge or top >= height - edge
        if at_edge or areas[i] < (_SPECK * dpi) ** 2:
            continue
        keep[i] = True
        marks = marks or max(w, h) - 2 >= _SMALLEST_MARK * dpi
    return np.where(keep[labels] & (ink > 0) & marks, 255, 0).astype(np.uint8)


def _runs(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches that are marked, half-open."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], marked, [False])).astype(np.int8)))
    return [(int(low), int(high)) for low, high in zip(steps[::2], steps[1::2], strict=True)]


def _extent(ink: Grey) -> int:
    columns = np.flatnonzero(ink.any(axis=0))
    return int(columns[-1] - columns[0] + 1) if len(columns) else 0


def lines_of(ink: Grey, height: float) -> list[tuple[int, int]]:
    """Return the rows of each line of text: stretches of ink, put together as long as they are no higher than a line."""
    lines: list[tuple[int, int]] = []
    for start, stop in _runs(ink.max(axis=1) > 0):
        if lines and stop - lines[-1][0] <= _TALLEST_LINE * height:
            lines[-1] = (lines[-1][0], stop)
        else:
            lines.append((start, stop))
    return lines


def _read_line(cell: CellImage, place: tuple[int, int, int, int], recogniser: Recogniser) -> list[Sign]:
    left, top, right, bottom = place
    short = right - left < _SHORT * (bottom - top)
    readings = [
        framed_reading(cell.grey, place, frame, recogniser) for frame in (_FRAMES if short else _FRAMES[:1])
    ]
    if not short and any(sign.text.isdigit() for sign in readings[0]):
        readings.append(framed_reading(cell.grey, place, _FRAMES[1], recogniser))
    chosen = max(readings, key=_least)
    texts = {"".join(sign.text for sign in reading) for reading in readings}
    if len(texts) > 1:
        return [sign._replace(certainty=min(sign.certainty, _DISPUTED)) for sign in chosen]
    agreed = [
        sign._replace(certainty=min(other.certainty for other in alike))
        for sign, *alike in zip(chosen, *readings, strict=True)
    ]
    text = texts.pop()
    if text.isdigit() and digit_pieces(cell.ink[top:bottom, left:right]) > len(text):
        return [sign._replace(certainty=min(sign.certainty, _DISPUTED)) for sign in agreed]
    return agreed


def _least(signs: Sequence[Sign]) -> float:
    return min((sign.certainty for sign in signs), default=0.0)


def framed_reading(
    grey: Grey, place: tuple[int, int, int, int], frame: tuple[float, float], recogniser: Recogniser
) -> list[Sign]:
    """Return the signs of a line with so much room around it, placed within the line itself."""
    left, top, right, bottom = place
    height = bottom - top
    above, beside = (max(2, round(room * height)) for room in frame)
    padded = np.pad(grey, ((above, above), (beside, beside)), constant_values=255)
    line = padded[top : bottom + 2 * above, left : right + 2 * beside]
    width, whole = right - left, right - left + 2 * beside
    read = recogniser.read(line, figures=True)
    return [
        sign._replace(
            left=min(max((sign.left * whole - beside) / width, 0.0), 1.0),
            right=min(max((sign.right * whole - beside) / width, 0.0), 1.0),
        )
        for sign in read
        if sign.text.strip()
    ]


def digit_pieces(ink: Grey) -> int:
    """Return how many pieces of a line's ink are as high as digits."""
    count, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return sum(int(found[i][cv2.CC_STAT_HEIGHT]) >= _DIGIT_HEIGHT * ink.shape[0] for i in range(1, count))
