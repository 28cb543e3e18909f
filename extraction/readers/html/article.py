"""The report on a page: between which lines it stands, its title and the day it was published."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..assemble import Paragraph, Part
from .flow import Flow
from .lines import (
    begins_foot,
    is_day,
    is_furniture,
    is_heading,
    is_linked,
    is_page_line,
    is_prose,
    is_running,
    is_signature,
    is_title,
    plain,
    wording,
)
from .tables import Line, rows_of

_HEADING_WORTH = 60
_LINK_COST = 40
_FURNITURE_COST = 60
_FOOT_COST = 400
_MOST_TABLE_WORTH = 600
_LEAST_WORTH = 200
_TITLE_ABOVE = 60
_SIGNATURE_LINES = 3
_TITLE_WITHIN = 6
_YEAR = re.compile(r"20\d\d")
_DAY = re.compile(r"(?<!\d)(?P<year>20\d\d)[-/.年]?(?P<month>\d{1,2})[-/.月]?(?P<day>\d{1,2})(?!\d)")
_TOOLS = frozenset(("button", "menu", "nav", "select"))
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's head tells: what it calls the text, the surest name first, and the day of publication."""

    titles: tuple[str, ...] = ()
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The report on a page.

    ``lines`` are the indices of its lines, ``title`` is its title where only the page's head tells it. ``worth`` grows with
    the text that speaks for a report; ``is_text`` says that it is enough for one.
    """

    lines: frozenset[int]
    title: str | None
    worth: int
    is_text: bool
    published: date | None


def find_article(flow: Flow, head: Head) -> Article:
    """Return the report on a page. Where no text stands out all lines that are not the page's own are the report."""
    lines = flow.lines
    furniture = [is_furniture(line) for line in lines]
    first, last, worth = _richest(lines, furniture)
    headings = sum(is_heading(line) for line in lines[first:last])
    is_text = worth >= _LEAST_WORTH or headings >= 2
    above: tuple[int, ...] = ()
    title = None
    if is_text:
        first, last = _grown(lines, furniture, flow.blocks, first, last)
        above, title = _title(lines, first, last, head)
    else:
        first, last = 0, len(lines)
    kept = frozenset((*above, *_kept(lines, first, last)))
    return Article(kept, title, worth, is_text, head.published or _published(lines, kept))


def parts_of(flow: Flow, article: Article) -> Iterator[Part]:
    """Yield the pieces of a page: the report's, and the page's own as noise."""
    if article.title:
        yield Paragraph(article.title)
    for index, line in enumerate(flow.lines):
        if line.table and index in article.lines:
            yield line.table
        elif line.table:
            for row in rows_of(line.table.cells):
                yield Paragraph(row, noise=True)
        else:
            yield Paragraph(line.text, noise=index not in article.lines)


def _kept(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
    """The lines of the report, those between them left out that are the page's own."""
    begun = False
    for index in range(first, last):
        line = lines[index]
        begun = begun or is_heading(line) or (is_running(line) and not is_furniture(line))
        own = line.mark in _TOOLS or (is_linked(line) and not is_heading(line))
        own = own or (is_page_line(line) if begun else is_furniture(line) or is_day(line))
        if not own or is_prose(line) or (is_title(line.text) and not is_linked(line)):
            yield index


def _worth(line: Line, furniture: bool) -> int:
    """How much a line speaks for being the report's, less than nothing for one that is the page's."""
    if furniture:
        return -_FOOT_COST if begins_foot(line) else -_FURNITURE_COST
    if is_linked(line) or line.mark in _TOOLS:
        return -_LINK_COST
    if line.table:
        return min(len(line.text), _MOST_TABLE_WORTH) if _FIGURE.search(line.text) else 0
    if is_heading(line):
        return _HEADING_WORTH
    return len(line.text) - 2 * line.linked if is_running(line) else 0


def _richest(lines: Sequence[Line], furniture: Sequence[bool]) -> tuple[int, int, int]:
    """The stretch of lines that is worth most, and its worth (Pasternack and Roth 2009)."""
    best = (0, 0, 0)
    start = total = 0
    for index, line in enumerate(lines):
        if total <= 0:
            start, total = index, 0
        total += _worth(line, furniture[index])
        if total > best[2]:
            best = (start, index + 1, total)
    return best


def _grown(
    lines: Sequence[Line], furniture: Sequence[bool], blocks: Sequence[tuple[int, int]], first: int, last: int
) -> tuple[int, int]:
    """The stretch with the lines around it that stand in the same block, up to the first that is the page's own."""
    holders = [block for block in blocks if block[0] <= first and last <= block[1]]
    low, high = min(holders, key=_length, default=(0, len(lines)))
    titled = any(is_title(line.text) for line in lines[first : first + _TITLE_WITHIN])
    while first > low and not _ends(lines[first - 1], furniture[first - 1]) and not titled:
        first -= 1
        titled = is_title(lines[first].text)
    if titled and first > low and _may_precede_title(lines[first - 1], furniture[first - 1]):
        first -= 1
    while last < high and not _ends(lines[last], furniture[last]):
        last += 1
    for line in lines[last : last + _SIGNATURE_LINES]:
        last += is_signature(line)
    return first, last


def _length(block: tuple[int, int]) -> int:
    return block[1] - block[0]


def _ends(line: Line, furniture: bool) -> bool:
    """Whether the report cannot go on over a line."""
    return furniture or is_linked(line) or line.mark in _TOOLS


def _may_precede_title(line: Line, furniture: bool) -> bool:
    """Whether a line may be the first of a title in two lines: the body that reports."""
    return not _ends(line, furniture) and 3 < len(plain(line.text)) <= 30 and not line.table


def _title(lines: Sequence[Line], first: int, last: int, head: Head) -> tuple[tuple[int, ...], str | None]:
    """The lines above the report that are its title, or the title that only the page's head tells.

    Nothing where the report brings its own.
    """
    start = next((i for i in range(first, min(first + _TITLE_WITHIN, last)) if is_prose(lines[i])), first + 1)
    joined = ""
    for line in lines[first : max(start, first + 1)]:
        joined += line.text if not line.table else ""
        if is_title(line.text) or is_title(joined[-90:]):
            return (), None
    wanted = {plain(title) for title in head.titles}
    best, best_score = -1, 0
    for index in range(max(0, first - _TITLE_ABOVE), first):
        line = lines[index]
        if not is_title(line.text) or is_linked(line):
            continue
        score = (
            1 + 4 * (plain(line.text) in wanted) + 2 * bool(_YEAR.search(line.text)) + (line.mark[:1] == "h")
        )
        if score >= best_score:
            best, best_score = index, score
    if best >= 0:
        return _whole_title(lines, best), None
    return (), next(iter(head.titles), None)


def _whole_title(lines: Sequence[Line], index: int) -> tuple[int, ...]:
    """The lines of a title's heading."""
    mark = lines[index].mark
    low = high = index
    while mark[:1] == "h" and low and lines[low - 1].mark == mark and not is_title(lines[low - 1].text):
        low -= 1
    return tuple(range(max(low, index - 2), high + 1))


def _published(lines: Sequence[Line], kept: frozenset[int]) -> date | None:
    """The day that one of the page's own lines names, those nearest before the report first."""
    first = min(kept, default=len(lines))
    order = (*range(first - 1, -1, -1), *range(first, len(lines)))
    own = [lines[i] for i in order if i not in kept and (is_furniture(lines[i]) or is_day(lines[i]))]
    for pattern in wording().published:
        for line in own:
            found = pattern.search(plain(line.text))
            day = day_of(found) if found else None
            if day:
                return day
    return next((day for line in own if is_day(line) and (day := first_day(line.text))), None)


def first_day(text: str) -> date | None:
    """Return the first day that a text names in figures."""
    found = _DAY.search(text)
    return day_of(found) if found else None


def day_of(found: re.Match[str]) -> date | None:
    """Return the day that the groups ``year``, ``month`` and ``day`` name, None for one that never was."""
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
