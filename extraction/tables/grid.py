"""The cells printed in a stretch of text, whatever layout it is printed in."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from ..document import Grid
from ..normalise import same_length_form
from .template import template

Mode = Literal["rows", "cells", "tabbed"]

_RUNS = re.compile(r"[^\s|\u200b\ufeff]+")
_STRIP = " \t\r\n\x0b\x0c\u00a0\u3000\u2002\u2003\u200b\ufeff"
_LOOK_BACK = 2000
_LOOK_AHEAD = 4000
_VISIBLE_SPACE = ("\u00a0", "\u3000")

_SEVERAL_VALUES = re.compile(
    r"\d[\d,.]*[^\S\n]*[\t| ][^\S\n|]*[\t| ]*[\d/-]|[\u4e00-\u9fff)\"]['\")]?[\t| ]+\d"
)
_ONE_VALUE = re.compile(r"[ \u00a0\u3000]*[\t|]?[ \u00a0\u3000]*\d[\d,.]*[ \r\u00a0\u3000]*[\t|]?[ \r]*$")
_MARKDOWN_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,40}\]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TOKEN = re.compile(r"\S+")
_ODD = re.compile(r"[^\W\d_]|[?~*#□■○●◇◆\u2580-\u26ff]")
_DIGIT = re.compile(r"\d")
_DATE_AFTER = re.compile(r"\s?[年月日页号]")
# A thousands separator without its three digits: the number is torn.
_TORN_AFTER = re.compile(r",(?![\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Source:
    """A report's text, its plain form character by character, and the plain form without white space.

    ``plain`` has the length of ``text`` and its offsets. ``squeezed`` leaves out white space and table rules:
    ``run_starts`` are places in it, ``run_offsets`` the offsets in ``text`` they stand for.
    """

    text: str
    plain: str
    squeezed: str
    run_starts: Sequence[int]
    run_offsets: Sequence[int]
    grids: Sequence[Grid] = ()

    def grid_at(self, offset: int) -> Grid | None:
        """Return the grid that a place in the text lies in."""
        return next((grid for grid in self.grids if grid.start <= offset < grid.end), None)

    def offset(self, place: int) -> int:
        """Return the offset in the text of a place in the squeezed form."""
        run = bisect_right(self.run_starts, place) - 1
        return self.run_offsets[run] + place - self.run_starts[run]

    def place(self, offset: int) -> int:
        """Return the place in the squeezed form of the first kept character at or after an offset."""
        run = bisect_right(self.run_offsets, offset) - 1
        if run < 0:
            return 0
        end = self.run_starts[run + 1] if run + 1 < len(self.run_starts) else len(self.squeezed)
        return min(self.run_starts[run] + offset - self.run_offsets[run], end)


class Atom(NamedTuple):
    """A printed value, a blank cell or debris, with its span and its column in its line.

    ``digits`` is the number as printed in plain characters without separators; ``sign`` -1 for a printed fall.
    ``scale`` is that of a printed 万 or 亿, ``money`` whether 元 is printed. ``glued`` says that a label runs
    into the number.
    """

    kind: Literal["number", "blank", "debris"]
    start: int
    end: int
    column: int
    digits: str = ""
    sign: int = 1
    scale: int = 1
    money: bool = False
    glued: bool = False


class Line(NamedTuple):
    """The atoms of one line (or, where each cell has its line, of one row) and the number of its cells."""

    atoms: tuple[Atom, ...]
    width: int

    @property
    def numbers(self) -> int:
        """How many values are printed in the line."""
        return [atom.kind for atom in self.atoms].count("number")


def read_source(text: str, grids: Sequence[Grid] = ()) -> Source:
    """Return the forms of a text that tables are looked for in. Linear in its length."""
    plain = same_length_form(text).replace("│", "|").replace("┃", "|").replace("｜", "|")
    starts: list[int] = []
    offsets: list[int] = []
    pieces: list[str] = []
    place = 0
    for run in _RUNS.finditer(plain):
        start, end = run.span()
        starts.append(place)
        offsets.append(start)
        pieces.append(plain[start:end])
        place += end - start
    return Source(text, plain, "".join(pieces), starts, offsets, grids)


def layout_of(source: Source, start: int, end: int) -> Mode:
    """Return how a stretch is printed.

    ``rows``: a row of cells on a line. ``cells``: each cell on a line of its own. ``tabbed``: the same, with a tab
    before each cell and an empty line after each row.
    """
    if source.grid_at(start) is not None:
        return "rows"
    several = single = ruled = tabbed = 0
    for line in source.plain[start : min(end, start + 60000)].split("\n"):
        tabbed += line.startswith("\t")
        if not line:
            continue
        if _ONE_VALUE.match(line):
            single += 1
        elif _SEVERAL_VALUES.search(line):
            several += 1
        elif line.count("\t") + line.count("|") > 3 and not line.isspace() and line.strip(" |"):
            several += _DIGIT.search(line) is not None
            ruled += 1
    if several > single / 2 or (not single and ruled > 2):
        return "rows"
    return "tabbed" if tabbed > single / 2 else "cells"


def read_lines(source: Source, start: int, end: int, mode: Mode) -> list[Line]:
    """Return the lines of atoms printed in ``text[start:end]``; ``start`` may lie inside a line.

    What stands before a label on the line where the stretch ends belongs to that label and is left out.
    """
    end = min(end, start + _LOOK_AHEAD)
    grid = source.grid_at(start)
    if grid is not None:
        return _grid_lines(source, grid, start, end)
    if mode == "rows":
        return _row_lines(source.plain, start, end)
    return _cell_lines(source.plain, start, end, mode == "tabbed")


def _grid_lines(source: Source, grid: Grid, start: int, end: int) -> list[Line]:
    """The lines of atoms of a grid's cells in ``text[start:end]``."""
    rows: dict[int, list[Atom]] = {}
    widths: dict[int, int] = {}
    for cell in grid.cells:
        widths[cell.row] = max(widths.get(cell.row, 0), cell.column + cell.column_span)
        if start <= cell.end and cell.start < end:
            rows.setdefault(cell.row, []).extend(
                _lex(
                    source.plain, max(cell.start, start), min(cell.end, end), cell.column, cell.start < start
                )
            )
    return [Line(tuple(sorted(rows[row], key=_by_column)), widths[row]) for row in sorted(rows)]


def _by_column(atom: Atom) -> tuple[int, int]:
    return atom.column, atom.start


def _row_lines(plain: str, start: int, end: int) -> list[Line]:
    lines: list[Line] = []
    position, first = start, True
    while position <= end:
        stop = plain.find("\n", position, end)
        cut = stop < 0 and end < len(plain)
        stop = end if stop < 0 else stop
        # A line that the next label cuts holds that label's own parent cells and ordinals.
        line = _row_line(plain, position, stop, first)
        belongs_to_next = cut and not first and line.numbers < 2
        if line.width and not belongs_to_next:
            lines.append(line)
        position, first = stop + 1, False
    return lines


def _row_line(plain: str, start: int, end: int, first: bool) -> Line:
    text = plain[start:end]
    if not text.strip(_STRIP) and "\t" not in text:
        return Line((), 0)
    if not first and (_is_page_line(text) or ("-" in text and _MARKDOWN_RULE.fullmatch(text))):
        return Line((), 0)
    head = plain[_line_start(plain, start) : start] if first else ""
    whole = head + text
    mark = "\t" if "\t" in whole else "|" if "|" in whole else ""
    if not mark:
        atoms: list[Atom] = []
        _lex_spaced(plain, start, end, first, atoms)
        return Line(tuple(atoms), len(atoms))
    column = head.count(mark) - (1 if mark == "|" and whole.lstrip(_STRIP).startswith("|") else 0)
    atoms = []
    position = start
    if mark == "|" and not head and text.lstrip(_STRIP).startswith("|"):
        position = start + text.index("|") + 1
        column = 0
    inside = first
    while position <= end:
        stop = plain.find(mark, position, end)
        stop = end if stop < 0 else stop
        if stop == end and mark == "|" and not plain[position:end].strip(_STRIP) and position > start:
            break
        atoms.extend(_lex(plain, position, stop, column, inside))
        inside = False
        column += 1
        position = stop + 1
    return Line(tuple(atoms), column)


def _line_start(plain: str, offset: int) -> int:
    low = max(0, offset - _LOOK_BACK)
    return plain.rfind("\n", low, offset) + 1 or low


def _cell_lines(plain: str, start: int, end: int, tabbed: bool) -> list[Line]:
    """Each line is a cell; an empty line ends a row where cells are led by tabs."""
    lines: list[Line] = []
    atoms: list[Atom] = []
    position, first = start, True
    while position <= end:
        stop = plain.find("\n", position, end)
        cut = stop < 0 and end < len(plain)
        stop = end if stop < 0 else stop
        text = plain[position:stop]
        if first:
            atoms.extend(_cell_of_line(plain, position, stop, True, tabbed))
        elif tabbed and not text.strip("\r"):
            lines.append(Line(tuple(atoms), len(atoms)))
            atoms = []
        elif not (cut and not _BAR_OR_TAB_END.search(text)) and not _is_page_line(text):
            atoms.extend(_cell_of_line(plain, position, stop, False, tabbed))
        position, first = stop + 1, False
    lines.append(Line(tuple(atoms), len(atoms)))
    return lines


_BAR_OR_TAB_END = re.compile(r"\|\s*$")


def _cell_of_line(plain: str, start: int, end: int, first: bool, tabbed: bool) -> list[Atom]:
    text = plain[start:end]
    if "|" in text:
        return _piped_cells(plain, start, end, first)
    if tabbed and text.startswith("\t"):
        return _lex(plain, start + 1, end, 0, False)
    if not text.strip(_STRIP):
        if not first and any(space in text for space in _VISIBLE_SPACE):
            return [Atom("blank", start, start, 0)]
        return []
    return _lex(plain, start, end, 0, first)


def _piped_cells(plain: str, start: int, end: int, first: bool) -> list[Atom]:
    atoms: list[Atom] = []
    position = start
    while position < end:
        stop = plain.find("|", position, end)
        if stop < 0:
            if plain[position:end].strip(_STRIP):
                atoms.extend(_lex(plain, position, end, 0, first))
            break
        # The bar that closes the label's own cell.
        if not (first and not plain[position:stop].strip(_STRIP)):
            atoms.extend(_lex(plain, position, stop, 0, first))
        first = False
        position = stop + 1
    return atoms


def _lex_spaced(plain: str, start: int, end: int, first: bool, atoms: list[Atom]) -> None:
    """Cells parted by spaces: no blank cell can be seen."""
    for atom in _lex(plain, start, end, 0, first):
        if atom.kind != "blank" or atom.end > atom.start:
            atoms.append(atom)


def _is_page_line(text: str) -> bool:
    stripped = text.strip(_STRIP)
    return len(stripped) < 30 and bool(stripped) and _patterns()[1].fullmatch(stripped) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    form = template()
    number = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
    piece = re.compile(
        r"(?P<remark>[(\[][^()\[\]\n]{0,80}[)\]]?)|(?P<ordinal>\d{1,2}[.、](?!\d))"
        rf"|(?P<sign>[-+]|增加? ?|减少? ?)?(?P<number>{number})"
        rf"(?:[ \u00a0]?(?P<scale>[万亿])(?P<unit>元)?|[ \u00a0]?(?P<only_unit>元|{form.units}))?"
        r"|(?P<nothing>(?<!\S)(?:/|-{1,4}|无|不适用|N/A)(?!\S))"
    )
    return piece, re.compile(form.page_line), frozenset(form.nothing)


def _lex(plain: str, start: int, end: int, column: int, inside: bool) -> list[Atom]:
    """The atoms of one cell; ``inside`` when the stretch begins inside the cell, after a label."""
    raw = plain[start:end]
    if raw.isdigit() and raw.isascii():
        return [Atom("number", start, end, column, raw, glued=inside)]
    text = raw.strip(_STRIP)
    if not text:
        return [] if inside else [Atom("blank", start, start, column)]
    start += raw.index(text[0])
    if text.isdigit() and text.isascii():
        return [Atom("number", start, start + len(text), column, text, glued=inside and not raw[0].isspace())]
    if text in _patterns()[2]:
        return [Atom("blank", start, start + len(text), column)]
    return _lex_mixed(plain, start, start + len(text), column, inside and not raw[0].isspace())


def _lex_mixed(plain: str, start: int, end: int, column: int, inside: bool) -> list[Atom]:
    text = plain[start:end]
    if "[bookmark" in text:
        text = _BOOKMARK.sub(lambda match: " " * len(match.group()), text)
        if not text.strip(_STRIP):
            return [Atom("blank", start, start, column)]
    atoms: list[Atom] = []
    rest: list[tuple[int, int]] = []
    last = 0
    for piece in _patterns()[0].finditer(text):
        rest.append((last, piece.start()))
        last = piece.end()
        if piece["nothing"]:
            atoms.append(Atom("blank", start + piece.start(), start + piece.end(), column))
        elif piece["number"] and (
            _TORN_AFTER.match(text, piece.end()) or text[: piece.start("number")].endswith(",")
        ):
            atoms.append(Atom("debris", start + piece.start(), start + piece.end(), column))
        elif piece["number"] and not _DATE_AFTER.match(text, piece.end()):
            words_before = inside or _CHINESE.search(text, 0, piece.start()) is not None
            atoms.append(_number(piece, start, column, words_before))
    rest.append((last, len(text)))
    if not inside or atoms:
        _add_debris(atoms, text, start, column, rest)
    return atoms


def _add_debris(
    atoms: list[Atom], text: str, start: int, column: int, rest: Sequence[tuple[int, int]]
) -> None:
    """Letters and odd signs that are no words: debris, and so is a number they touch."""
    found = False
    for low, high in rest:
        for token in _TOKEN.finditer(text, low, high):
            odd = _ODD.search(token.group())
            if odd is None or _CHINESE.search(token.group()) or len(token.group()) > 3:
                continue
            a, b = start + token.start(), start + token.end()
            touched = [atom for atom in atoms if atom.kind == "number" and a <= atom.end and atom.start <= b]
            for atom in touched:
                atoms.remove(atom)
            low_end = min([a, *(atom.start for atom in touched)])
            high_end = max([b, *(atom.end for atom in touched)])
            atoms.append(Atom("debris", low_end, high_end, column))
            found = True
    if found:
        atoms.sort(key=_by_column)


def _number(piece: re.Match[str], start: int, column: int, after_text: bool) -> Atom:
    scale = template().scales[piece["scale"]] if piece["scale"] else 1
    sign = -1 if piece["sign"] and piece["sign"][0] in "-减" else 1
    first = piece.start("sign") if piece["sign"] else piece.start("number")
    glued = after_text and (piece.start() == 0 or not piece.string[piece.start() - 1].isspace())
    digits = piece["number"].replace(",", "")
    return Atom(
        "number",
        start + first,
        start + piece.end(),
        column,
        digits,
        sign,
        scale,
        "元" in (piece["unit"], piece["only_unit"]),
        glued,
    )
