"""Running heads, footers and page numbers: what belongs to the pages and not to the report."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from .pdf_layout import Element, FlowLine

_ZONE = 0.15
"""Of a page's height, at its top and its bottom, where running heads and footers stand."""
_SAME_HEIGHT = 4.0
_MOST_LINES = 3
_NUMBER = re.compile(
    r"[-—–―·~_•\s]*(?:第?\d{1,4}页?(?:[/,，|]?共?\d{1,4}页?)?|[ivxIVX]{1,5}|[Pp](?:age|\.)?\d{1,4}(?:(?:/|of)\d{1,4})?)[-—–―·~_•\s]*"
)
_GOES_ON = re.compile(r"[（(]?(?:续上?表.{0,6}|接上页|续)[）)]?")
_DIGITS = re.compile(r"\d+")


def running_lines(pages: Sequence[Sequence[Element]], heights: Sequence[float]) -> set[int]:
    """Return the ids of the lines that are no text of the report.

    ``pages`` hold what stands on each page, ``heights`` how high each is as it is read. Page numbers are known by their
    form; heads and footers by standing at the same height of several pages with the same words, digits aside.
    """
    edges = [_edge_lines(elements, height) for elements, height in zip(pages, heights, strict=True)]
    found = {id(line) for lines in edges for line in lines if _NUMBER.fullmatch(_squeezed(line))}
    found |= {
        id(element)
        for elements in pages
        for element in elements
        if isinstance(element, FlowLine) and _GOES_ON.fullmatch(_squeezed(element))
    }
    by_words: dict[str, list[FlowLine]] = {}
    for line in (line for lines in edges for line in lines):
        by_words.setdefault(_DIGITS.sub("#", _squeezed(line)), []).append(line)
    for lines in by_words.values():
        found |= _repeated(lines)
    return found


def _repeated(lines: Iterable[FlowLine]) -> set[int]:
    found: set[int] = set()
    for one, other in combinations(lines, 2):
        if (
            one.page != other.page
            and abs(one.line.top - other.line.top) <= _SAME_HEIGHT
            and abs(one.line.size - other.line.size) <= 1
        ):
            found |= {id(one), id(other)}
    return found


def _edge_lines(elements: Sequence[Element], height: float) -> list[FlowLine]:
    """The outermost lines at the top and the bottom of a page."""
    lines = sorted((e for e in elements if isinstance(e, FlowLine)), key=lambda e: e.line.top)
    top = [e for e in lines[:_MOST_LINES] if e.line.bottom < _ZONE * height]
    bottom = [e for e in lines[-_MOST_LINES:] if e.line.top > (1 - _ZONE) * height]
    return [*top, *bottom]


def _squeezed(line: FlowLine) -> str:
    return "".join(line.line.text.split())
