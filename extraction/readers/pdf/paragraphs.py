"""Lines of all pages put together as paragraphs, and tables that page breaks cut as one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .assemble import Paragraph, Part
from .page_table import PageCell, PageTable, table_of
from .pdf_layout import Element, FlowLine
from .pdf_lines import TextLine, join
from .table_joins import continues, joined

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
_SENTENCE_END = re.compile(r"[。！？：；!?;:][”’）)》」』]*$")
_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．是章节]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)|[①-⑳㈠-㈩])"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]")
_WORD = re.compile(r"[!-~]+|.", re.DOTALL)
_CLOSING = "，。、；：！？）》”’」』】〕％%"


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of a flow begin and end, and the usual distance of their base lines by size.

    ``indented`` says that its paragraphs begin further in.
    """

    left: float
    right: float
    pitch: dict[int, float]
    indented: bool = False


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
        if _HEADING.match(other.text) if own.indented else ends and _ORDINAL.match(other.text):
            return False
        if other.left - own.left > _INDENT * other.size and (
            ends or other.left - one.left < _INDENT * other.size
        ):
            return False
        return one.right + _first_word(other) + _SLACK * one.size > margins.right


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
    pitches: dict[int, list[float]] = {}
    for one, other in pairwise(lines):
        pitch = other.line.bottom - one.line.bottom
        if (
            one.page == other.page
            and round(one.line.size) == round(other.line.size)
            and 0 < pitch < 4 * one.line.size
        ):
            pitches.setdefault(round(one.line.size), []).append(pitch)
    usual = {size: sorted(found)[len(found) // 4] for size, found in pitches.items()}
    further = sum(_INDENT * size < line.line.left - left < 3 * size for line in lines)
    return _Margins(left, right, usual, further >= max(2, _SHARE * len(lines)))


def _first_word(line: TextLine) -> float:
    """How wide what may not be parted at the beginning of a line is."""
    found = _WORD.match(line.text)
    count = len(found.group()) if found else 1
    if line.text[count : count + 1] and line.text[count] in _CLOSING:
        count += 1
    first = line.characters[: max(1, count)]
    return first[-1].right - first[0].left
