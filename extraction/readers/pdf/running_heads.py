"""Running heads, footers and page numbers: what belongs to the pages and not to the report."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ..page_table import PageTable
from .layout import Element, FlowLine

_ZONE = 0.15
"""Of a page's height, at its top and its bottom, where running heads and footers stand."""
_SAME_HEIGHT = 4.0
_MOST_LINES = 3
_APART = 1.25
"""Times the usual room between lines."""
_LEAST_ROOM = 0.4
"""Ems."""
_SHARE = 0.4
"""Of the pages, that a running head or footer must stand on; left and right pages may have their own."""
_NUMBER = re.compile(
    r"[-—–―·~_•\s]*(?:第?\d{1,4}页?(?:[/,，|]?共?\d{1,4}页?)?|[ivxIVX]{1,5}|[Pp](?:age|\.)?\d{1,4}(?:(?:/|of)\d{1,4})?)[-—–―·~_•\s]*"
)
_DASHED = re.compile(r"[-—–―]+\d{1,4}[-—–―]+")
_GOES_ON = re.compile(r"[（(]?(?:续上?表.{0,6}|接上页|续)[）)]?")
_DIGITS = re.compile(r"\d+")


def running_lines(pages: Sequence[Sequence[Element]], heights: Sequence[float]) -> set[int]:
    """Return the ids of the lines that are no text of the report.

    ``pages`` hold what stands on each page, ``heights`` how high each is as it is read. Running lines stand apart from
    the text at the top or the bottom. Page numbers are known by their form; heads and footers by standing at the same
    height of several pages with the same words, digits aside.
    """
    edges = [_edge_lines(elements, height) for elements, height in zip(pages, heights, strict=True)]
    found = {id(line) for lines in edges for line in lines if _NUMBER.fullmatch(_squeezed(line))}
    for elements in pages:
        for element in elements:
            if isinstance(element, FlowLine) and _is_plain(_squeezed(element)):
                found.add(id(element))
    by_words: dict[str, list[FlowLine]] = {}
    for line in (line for lines in edges for line in lines):
        by_words.setdefault(_DIGITS.sub("#", _squeezed(line)), []).append(line)
    fewest = max(2, _SHARE * len(pages))
    for lines in by_words.values():
        for one in lines:
            same = [other for other in lines if _same_place(one, other)]
            if len({other.page for other in same}) >= fewest:
                found |= {id(other) for other in same}
    return found


def _is_plain(words: str) -> bool:
    """Whether words can be nothing but a page number between dashes, or a mark that a table goes on."""
    return bool(_DASHED.fullmatch(words) or _GOES_ON.fullmatch(words))


def _same_place(one: FlowLine, other: FlowLine) -> bool:
    return abs(one.line.top - other.line.top) <= _SAME_HEIGHT and abs(one.line.size - other.line.size) <= 1


def _edge_lines(elements: Sequence[Element], height: float) -> list[FlowLine]:
    """The lines at the top and the bottom of a page that more room parts from the text than its lines have."""
    lines = sorted((e for e in elements if isinstance(e, FlowLine)), key=lambda e: e.line.top)
    tables = [e.reach for e in elements if isinstance(e, PageTable)]
    usual = _usual_pitch(lines)
    top = _apart(
        [(e.line.top, e.line.bottom, e) for e in lines], [top for top, _ in tables], usual, _ZONE * height
    )
    upside_down = [(height - e.line.bottom, height - e.line.top, e) for e in reversed(lines)]
    bottom = _apart(upside_down, [height - low for _, low in tables], usual, _ZONE * height)
    return [*top, *bottom]


def _usual_pitch(lines: Sequence[FlowLine]) -> float:
    """From the bottom of a line to the top of the next, as most lines of the page have it."""
    rooms = [b.line.top - a.line.bottom for a, b in pairwise(lines) if b.line.top > a.line.bottom]
    return median(rooms) if rooms else 0.0


def _apart(
    lines: Sequence[tuple[float, float, FlowLine]], tables: Sequence[float], usual: float, zone: float
) -> list[FlowLine]:
    """The first few lines, up to where more than the ``usual`` room follows; none where it does not."""
    size = lines[0][2].line.size if lines else 0.0
    for count in range(1, min(_MOST_LINES, len(lines)) + 1):
        bottom = max(low for _, low, _ in lines[:count])
        if bottom > zone:
            return []
        following = [top for top, _, _ in lines[count : count + 1]] + [
            top for top in tables if top >= bottom - 1
        ]
        if not following or min(following) - bottom > max(_APART * min(usual, size), _LEAST_ROOM * size):
            return [line for _, _, line in lines[:count]]
    return []


def _squeezed(line: FlowLine) -> str:
    return "".join(line.line.text.split())
