"""Characters put together as lines, and lines as running text, each character knowing where it is printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ..assemble import Glyph
from .characters import Character
from .geometry import Rectangle, turned

_OVERLAP = 0.5
"""Of the lower of two characters; they stand on one line when they overlap by so much."""
_WORD_GAP = 0.18
"""Of the em, between Latin letters or digits: a blank that was not printed."""
_LAYOUT_GAP = 0.8
"""Of the em, between any characters: layout that a blank stands for."""
_NEAR = 0.3
_NEXT = (0.5, 1.9)
"""In ems from the middle of a character to that of the next one in its line."""
_FULL = 1.6
"""In ems that a line may leave free when the next character did not fit any more."""
_PADDING = 11.0
"""Points at both sides of a cell together; Word's usual one."""


class Running(NamedTuple):
    """Text with the place of each of its characters."""

    text: str
    glyphs: tuple[Glyph | None, ...]


@dataclass(frozen=True)
class TextLine:
    """The characters of a line from left to right; blanks at its ends are left out."""

    characters: tuple[Character, ...]
    ends_blank: bool = False

    @cached_property
    def left(self) -> float:
        return self.characters[0].left

    @cached_property
    def right(self) -> float:
        return max(c.right for c in self.characters)

    @cached_property
    def top(self) -> float:
        return min(c.top for c in self.characters)

    @cached_property
    def bottom(self) -> float:
        return max(c.bottom for c in self.characters)

    @cached_property
    def size(self) -> float:
        """The size of most of its print, in points."""
        return median(c.size for c in self.characters)

    @cached_property
    def running(self) -> Running:
        """Its text, with blanks between words."""
        text: list[str] = []
        glyphs: list[Glyph | None] = []
        before: Character | None = None
        gap = self._widest_usual_gap
        for character in self.characters:
            if before and (_is_word_gap(before, character) or character.left - before.right > gap):
                text.append(" ")
                glyphs.append(None)
            text.append(character.text)
            glyphs.append(Glyph(character.box))
            before = character
        return Running("".join(text), tuple(glyphs))

    @property
    def _widest_usual_gap(self) -> float:
        """The widest gap between characters that spacing out the line explains."""
        gaps = [b.left - a.right for a, b in pairwise(self.characters)]
        return max(_LAYOUT_GAP * self.size, 2.5 * median(gaps)) if gaps else 0.0

    @property
    def text(self) -> str:
        """Its text, with blanks between words."""
        return self.running.text


def lines_of(characters: Iterable[Character]) -> list[TextLine]:
    """Return the lines that characters of one turn make, from the top down."""
    rows: list[list[Character]] = []
    open_rows: list[tuple[float, float, int]] = []
    for character in sorted(characters, key=lambda c: (c.top, c.left)):
        place = -1
        for top, bottom, index in reversed(open_rows):
            shared = min(bottom, character.bottom) - max(top, character.top)
            if shared >= _OVERLAP * min(bottom - top, character.bottom - character.top):
                place = index
                break
        if place < 0:
            open_rows = [row for row in open_rows if row[1] > character.top]
            open_rows.append((character.top, character.bottom, len(rows)))
            rows.append([character])
        else:
            rows[place].append(character)
    lines = [line for row in rows if (line := _line(sorted(row, key=lambda c: c.left)))]
    return sorted(lines, key=lambda line: (line.top, line.left))


def _line(characters: Sequence[Character]) -> TextLine | None:
    first, last = 0, len(characters)
    while first < last and not characters[first].text.strip():
        first += 1
    while last > first and not characters[last - 1].text.strip():
        last -= 1
    return TextLine(tuple(characters[first:last]), last < len(characters)) if first < last else None


def segments_of(line: TextLine, gap: float) -> list[TextLine]:
    """Return the pieces of a line that stand ``gap`` ems or more apart, printed blanks counting as nothing."""
    pieces: list[list[Character]] = []
    right = None
    for character in line.characters:
        if not character.text.strip():
            if pieces:
                pieces[-1].append(character)
            continue
        if right is None or character.left - right >= gap * min(character.size, line.size):
            pieces.append([])
        pieces[-1].append(character)
        right = character.right if right is None else max(right, character.right)
    return [piece for characters in pieces if (piece := _line(characters))]


def join(lines: Sequence[TextLine]) -> Running:
    """Return the text of lines that one line break after the other only wraps."""
    text: list[str] = []
    glyphs: list[Glyph | None] = []
    before: TextLine | None = None
    for line in lines:
        if before and _needs_blank(before, line):
            text.append(" ")
            glyphs.append(None)
        text.append(line.text)
        glyphs += line.running.glyphs
        before = line
    return Running("".join(text), tuple(glyphs))


def cell_lines(characters: Sequence[Character]) -> list[TextLine]:
    """Return the lines of a cell, whose print may be turned or run from the top down."""
    lines: list[TextLine] = []
    turns = sorted({c.turn for c in characters})
    for turn in turns:
        part = [c for c in characters if c.turn == turn]
        if turn:
            part = [c._replace(**turned(c[1:5], turn, 0, 0)._asdict()) for c in part]
        lines += _upright_columns(part) if _runs_down(part) else lines_of(part)
    return lines


def is_full(line: TextLine, cell: Rectangle) -> bool:
    """Whether a line leaves no room for another character in its cell."""
    room = cell.right - cell.left - _PADDING - (line.right - line.left)
    return room < _FULL * line.size


def _is_word_gap(before: Character, after: Character) -> bool:
    gap = after.left - before.right
    return gap >= _WORD_GAP * after.size and _is_latin(before.text) and _is_latin(after.text)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _needs_blank(before: TextLine, after: TextLine) -> bool:
    """Whether a blank parts two lines: between words, never inside a number."""
    last, first = before.characters[-1].text, after.characters[0].text
    if not (_is_latin(last) and _is_latin(first)):
        return False
    return before.ends_blank or not (last.isdigit() and first.isdigit())


def _runs_down(characters: Sequence[Character]) -> bool:
    """Whether the print runs from the top down in more than one column: told by where each character's next one is."""
    printed = [c for c in characters if c.text.strip()]
    down = along = 0
    for one, other in pairwise(printed):
        (x0, y0), (x1, y1) = one.middle, other.middle
        size = max(one.size, other.size)
        if abs(x1 - x0) < _NEAR * size and _NEXT[0] * size < y1 - y0 < _NEXT[1] * size:
            down += 1
        elif abs(y1 - y0) < _NEAR * size and _NEXT[0] * size / 2 < x1 - x0 < _NEXT[1] * size:
            along += 1
    return down > 2 * along and down > 1


def _upright_columns(characters: Sequence[Character]) -> list[TextLine]:
    """The columns of print that runs down, from the right to the left."""
    columns: list[list[Character]] = []
    for character in sorted(characters, key=lambda c: -c.middle[0]):
        if columns and abs(columns[-1][0].middle[0] - character.middle[0]) < 2 * _NEAR * character.size:
            columns[-1].append(character)
        else:
            columns.append([character])
    ordered = (sorted(column, key=lambda c: c.top) for column in columns)
    return [line for column in ordered if (line := _line(column))]
