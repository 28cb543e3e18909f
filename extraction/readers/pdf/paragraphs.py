"""Lines of all pages put together as paragraphs, and tables that page breaks cut as one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..assemble import Paragraph, Part
from ..page_table import PageCell, PageTable, table_of
from ..table_joins import continues, joined
from .layout import Element, FlowLine
from .lines import TextLine, join

_INDENT = 1.2
"""Ems that a paragraph's first line begins further in than the others, at least."""
_LOOSE = 1.25
"""Times the usual distance of lines; more parts paragraphs."""
_SIZE = 0.12
_SLACK = 1.6
"""Ems that a wrapped line may stay away from the right margin for want of room for the next word."""
_SHARE = 0.05
"""Of a flow's lines that must begin at its left margin."""
_FEWEST_FULL = 2
_FEWEST_SHORT = 3
_PARTED = 0.8
"""Of the lines that end short of the margin, that more room than usual must follow, where room parts paragraphs."""
_SENTENCE_END = re.compile(r"[。！？：；!?;:][”’）)》」』]*$")
_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．是章节]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)|[①-⑳㈠-㈩])"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]")
_COUNT = re.compile(
    r"(?P<open>第?|[（(]?)(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳㈠-㈩])(?P<close>[、.．是）)]?)"
)
_NUMERALS = ["", *"一二三四五六七八九", *(f"十{one}" for one in ("", *"一二三四五六七八九")), "二十"]
_OPENING, _CLOSING = "（《“‘「『【〔", "，。、；：！？）》”’」』】〕％%"
_WORD = re.compile(rf"[{_OPENING}]*(?:[!-~]+|.)(?:[{_CLOSING}]|[{_OPENING}]+.)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of a flow begin and end, and the usual distance of their base lines by size.

    ``indented`` says that its paragraphs begin further in, ``parted`` that more room than between lines parts them.
    """

    left: float
    right: float
    pitch: dict[int, float]
    indented: bool = False
    parted: bool = False

    def has_centred(self, line: TextLine) -> bool:
        """Whether a line stands in the middle, as the second line of a title does."""
        return abs((line.left - self.left) - (self.right - line.right)) < line.size


@dataclass(slots=True)
class _Text:
    """What has been put together so far."""

    margins: dict[tuple[float, float], _Margins]
    parts: list[Part | PageTable] = field(default_factory=list[Part | PageTable])
    open_lines: list[FlowLine] = field(default_factory=list[FlowLine])
    repeated: list[PageCell] = field(default_factory=list[PageCell])

    def add_line(self, line: FlowLine) -> None:
        if self.open_lines and not self._goes_on(self.open_lines[-1], line):
            self.close()
        self.open_lines.append(line)

    def close(self) -> None:
        if self.open_lines:
            text, glyphs = join([line.line for line in self.open_lines])
            self.parts.append(Paragraph(text, self.open_lines[0].page, glyphs=glyphs))
            self.open_lines = []

    def add_table(self, table: PageTable, last_page: int) -> None:
        """Add a table; ``last_page`` is the page before its own that holds anything."""
        self.close()
        before = self.parts[-1] if self.parts else None
        if (
            isinstance(before, PageTable)
            and self._ends_on(before) == last_page < table.page
            and continues(before, table)
        ):
            self.parts[-1], head = joined(before, table)
            self.repeated += head
        else:
            self.parts.append(table)

    @staticmethod
    def _ends_on(table: PageTable) -> int:
        return max((cell.box.page for cell in table.cells if cell.box), default=table.page)

    def _goes_on(self, before: FlowLine, after: FlowLine) -> bool:
        """Whether a line only wraps the paragraph of the line before it."""
        one, other = before.line, after.line
        margins, own = self.margins[before.flow], self.margins[after.flow]
        if abs(one.size - other.size) > _SIZE * max(one.size, other.size):
            return False
        same = before.page == after.page and before.flow == after.flow
        usual = margins.pitch.get(round(one.size))
        if same and usual and other.bottom - one.bottom > _LOOSE * usual:
            return False
        if not same and before.page == after.page and other.top > one.top - one.size:
            return False  # another column begins above, another cell does not
        ends = _SENTENCE_END.search(one.text) is not None
        numbered = _HEADING.match(other.text) if own.indented else ends and _ORDINAL.match(other.text)
        if numbered and not (same and usual and own.parted) and not self._counts_on(other.text):
            return False
        if other.left - own.left > _INDENT * other.size:
            in_line = other.left - one.left < _INDENT * other.size
            if ends or in_line or (own.indented and not own.has_centred(other)):
                return False
        return one.right + _first_word(other) + _SLACK * one.size > margins.right

    def _counts_on(self, line: str) -> bool:
        """Whether a line goes on with a count inside the paragraph: （二） where （一） stands in the middle of it."""
        found = _COUNT.match(line)
        before = _one_less(found["number"]) if found else None
        if found is None or before is None:
            return False
        text = "".join(told.line.text for told in self.open_lines)
        return text.find(found["open"] + before + found["close"]) > 0


def paragraphs_and_tables(pages: Sequence[Sequence[Element | Paragraph]]) -> list[Part]:
    """Return the parts of a document whose pages hold these lines, tables and recognised paragraphs, running heads aside.

    The heads that a table prints again on each page come last, as noise.
    """
    text = _Text(_margins([e for elements in pages for e in elements if isinstance(e, FlowLine)]))
    last_page = 0
    for elements in pages:
        page = last_page
        for element in elements:
            if isinstance(element, FlowLine):
                text.add_line(element)
                page = element.page
            elif isinstance(element, PageTable):
                text.add_table(element, last_page)
                page = element.page
            else:
                text.close()
                text.parts.append(element)
                page = page if element.noise else element.page or page
        last_page = page
    text.close()
    parts: list[Part] = [table_of(part) if isinstance(part, PageTable) else part for part in text.parts]
    return [*parts, *(_noise(cell) for cell in text.repeated if cell.text)]


def _noise(cell: PageCell) -> Paragraph:
    return Paragraph(cell.text, cell.box.page if cell.box else None, noise=True, glyphs=cell.glyphs)


def _margins(lines: Sequence[FlowLine]) -> dict[tuple[float, float], _Margins]:
    flows: dict[tuple[float, float], list[FlowLine]] = {}
    for line in lines:
        flows.setdefault(line.flow, []).append(line)
    return {flow: _margins_of(own, flow) for flow, own in flows.items()}


def _margins_of(lines: Sequence[FlowLine], flow: tuple[float, float]) -> _Margins:
    enough = max(2, _SHARE * len(lines))
    lefts = sorted(line.line.left for line in lines)
    left = next((x for x in lefts if sum(x <= other < x + 3 for other in lefts) >= enough), lefts[0])
    rights = sorted((line.line.right for line in lines), reverse=True)
    right = rights[min(len(rights) // 40, len(rights) - 1)]
    size = lines[0].line.size
    even = flow[1] - (left - flow[0])  # as far in as on the left
    if sum(abs(other - right) < size for other in rights) < _FEWEST_FULL or right - left < (even - left) / 2:
        right = max(right, even)
    steps = _steps(lines)
    pitches: dict[int, list[float]] = {}
    for line, pitch in steps:
        pitches.setdefault(round(line.size), []).append(pitch)
    usual = {size: sorted(found)[len(found) // 4] for size, found in pitches.items()}
    further = sum(_INDENT * size < line.line.left - left < 3 * size for line in lines)
    short = [
        pitch > _LOOSE * usual[round(line.size)] for line, pitch in steps if right - line.right > 2 * size
    ]
    parted = len(short) >= _FEWEST_SHORT and sum(short) >= _PARTED * len(short)
    return _Margins(left, right, usual, further >= max(2, _SHARE * len(lines)), parted)


def _steps(lines: Sequence[FlowLine]) -> list[tuple[TextLine, float]]:
    """Lines with the distance to the next one's base line, where that is near and as large."""
    steps: list[tuple[TextLine, float]] = []
    for one, other in pairwise(lines):
        pitch = other.line.bottom - one.line.bottom
        same_size = round(one.line.size) == round(other.line.size)
        if one.page == other.page and same_size and 0 < pitch < 4 * one.line.size:
            steps.append((one.line, pitch))
    return steps


def _one_less(number: str) -> str | None:
    """The number before ``number``, written alike; None where there is none."""
    if number.isascii():
        return str(int(number) - 1) if int(number) > 1 else None
    if number in _NUMERALS:
        return _NUMERALS[_NUMERALS.index(number) - 1] or None
    return chr(ord(number) - 1) if len(number) == 1 and number not in "①㈠" else None


def _first_word(line: TextLine) -> float:
    """How wide what may not be parted at the beginning of a line is."""
    found = _WORD.match(line.text)
    first = line.characters[: max(1, found.end() if found else 1)]
    return first[-1].right - first[0].left
