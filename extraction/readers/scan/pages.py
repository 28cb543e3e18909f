"""The parts of a file's pages joined over page breaks: tables, paragraphs, and the lines that every page repeats."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..assemble import Paragraph, Part, Table
from ..page_table import PageTable, page_table_of, table_of
from ..table_joins import continues, joined

_SLIP = 30.0
"""Points by which the paper may lie otherwise from page to page."""
_SAME_WIDTH = 0.03
_LONGEST_HEAD = 45
_DIGITS = re.compile(r"\d+")
_ORDINAL = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、.是]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.](?!\d)|附件)"
)
_UNFINISHED = re.compile(r"[^。！？；：!?;:.”’）)》】\]]\s*\Z")
_LONGEST_HEADING = 40


def join_pages(pages: Sequence[Sequence[Part]]) -> list[Part]:
    """Return the parts of all pages in order: a table or sentence that a page break cuts is one part again.

    Lines that stand first or last on several pages are noise, but for the first time.
    """
    repeated = _repeated(pages)
    told: list[Part] = []
    noise: list[Part] = []
    seen: set[str] = set()
    for page in pages:
        body: list[Part] = []
        for part in page:
            key = _key(part)
            if isinstance(part, Paragraph) and (part.noise or (key in repeated and key in seen)):
                noise.append(replace(part, noise=True))
            else:
                body.append(part)
            seen.add(key)
        if told and body:
            whole, head = _whole(told[-1], body[0])
            if whole:
                told[-1:] = [whole]
                body = body[1:]
                noise += head
        told += body
    return told + noise


def _key(part: Part) -> str:
    return _DIGITS.sub("0", part.text.strip()) if isinstance(part, Paragraph) else ""


def _repeated(pages: Sequence[Sequence[Part]]) -> set[str]:
    """The short paragraphs at the top or bottom of more than a third of the pages, at least of two."""
    counts: Counter[str] = Counter()
    for page in pages:
        body = [part for part in page if not (isinstance(part, Paragraph) and part.noise)]
        counts.update({_key(part) for part in (*body[:1], *body[-1:])})
    return {
        key
        for key, count in counts.items()
        if 1 < len(key) < _LONGEST_HEAD and count > max(1, len(pages) / 3)
    }


def _whole(first: Part, second: Part) -> tuple[Part | None, list[Paragraph]]:
    """The part that a page break cut in two, None when they are two parts; and what its second half repeats."""
    if isinstance(first, Paragraph) and isinstance(second, Paragraph):
        return _sentence(first, second), []
    if isinstance(first, Table) and isinstance(second, Table):
        return _table(first, second) or (None, [])
    return None, []


def _sentence(first: Paragraph, second: Paragraph) -> Paragraph | None:
    heading = len(first.text) < _LONGEST_HEADING and (_ORDINAL.match(first.text) or "，" not in first.text)
    if heading or not _UNFINISHED.search(first.text) or _ORDINAL.match(second.text):
        return None
    return replace(first, text=first.text + second.text, glyphs=[*first.glyphs, *second.glyphs])


def _table(first: Table, second: Table) -> tuple[Table, list[Paragraph]] | None:
    """Both tables as one and the head that the second repeats, when their columns agree."""
    upper, lower = page_table_of(first, first.page or 0), page_table_of(second, second.page or 0)
    if not upper or not lower:
        return None
    lower = _moved(lower, upper.edges)
    if not continues(upper, lower):
        return None
    whole, head = joined(upper, lower)
    return table_of(whole), [Paragraph(cell.text, lower.page, True, cell.glyphs) for cell in head]


def _moved(table: PageTable, edges: Sequence[float]) -> PageTable:
    """The table set on the left edge of another, scaled to its width where they differ little: paper slips."""
    own = table.edges[-1] - table.edges[0]
    scale = (edges[-1] - edges[0]) / own
    if abs(scale - 1) > _SAME_WIDTH:
        scale = 1.0
    shift = edges[0] - table.edges[0]
    if abs(shift) > _SLIP:
        return table
    return replace(table, edges=tuple(edges[0] + (edge - table.edges[0]) * scale for edge in table.edges))
