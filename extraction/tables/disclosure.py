"""The tables of proactive disclosure, in both editions and their mixtures."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..sections import Section
from .chain import Hit, best_chain, find_hits
from .grid import Atom, Line, Mode, Source, layout_of, read_lines
from .readings import all_readings, direct, strip_blanks
from .template import template
from .verdicts import UNREADABLE, Verdict, merge

_REACH = 1600
_FEWEST_ROWS = 2
_YUAN_PER_WAN = 10000
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Amount:
    """A verdict whose value may be money."""

    verdict: Verdict
    money: int | float | None = None


def read_disclosure(
    source: Source, sections: Sequence[Section], before: int | None
) -> tuple[dict[str, Amount], str | None]:
    """Return the cells found by id, and the edition most blocks are printed in (None: no such table).

    ``before`` is where the table of requests begins, if there is one.
    """
    bounds = _bounds(source, sections, before)
    if bounds is None:
        return {}, None
    low, high = bounds
    rows = template().disclosure
    hits = [hit for hit in find_hits(source, rows, low, high) if _is_label(source, hit)]
    chain = best_chain(hits)
    if len(chain) < _FEWEST_ROWS:
        return {}, None
    start = source.offset(chain[0].start)
    ends = [*(source.offset(hit.start) for hit in chain[1:]), _last_end(source, chain[-1], high)]
    mode = layout_of(source, start, ends[-1])
    heads = _heads(source, chain, low)
    votes = Counter(edition for edition in heads.values() if edition)
    main = "2019" if votes["2019"] > votes["2021"] else "2021"
    segments = [
        read_lines(source, source.offset(hit.end - 1) + 1, end, mode)
        for hit, end in zip(chain, ends, strict=True)
    ]
    widths = Counter(line.width for lines in segments for line in lines if line.numbers)
    usual = max((width for width, _ in widths.most_common(1)), default=-1)
    cells: dict[str, Amount] = {}
    for hit, lines in zip(chain, segments, strict=True):
        row = rows[hit.row]
        edition = heads.get(row.name) or main
        columns = (row.columns or {})[edition]
        table = "disclosure_2019" if edition == "2019" else "disclosure"
        for column, amount in zip(
            columns, _row(source, hit, columns, lines, mode=mode, usual=usual), strict=True
        ):
            cells[f"{table}.{row.name}.{column}"] = amount
    return cells, main


def _bounds(source: Source, sections: Sequence[Section], before: int | None) -> tuple[int, int] | None:
    """The stretch of the squeezed text to look in."""
    text = source.squeezed
    high = len(text) if before is None else source.place(before)
    low = max(0, high - _REACH) if before is not None else 0
    places = [place for word in template().disclosure_start if (place := text.find(word, low, high)) >= 0]
    if places:
        first = min(places)
        return first, min(high, first + _REACH)
    for section in sections:
        if section.label == "disclosure_table":
            return source.place(section.body), min(
                source.place(section.end), source.place(section.body) + _REACH
            )
    return None


def _is_label(source: Source, hit: Hit) -> bool:
    """A label is followed by the end of its cell or by a value, not by more words."""
    text = source.squeezed
    after = text[hit.end : hit.end + 1]
    if not after or after.isdigit() or after in "/-+无增减不":
        return True
    gap = source.plain[source.offset(hit.end - 1) + 1 : source.offset(hit.end)]
    return bool(gap)


def _last_end(source: Source, last: Hit, high: int) -> int:
    """The end of the line of the last row's last value."""
    start = source.offset(last.end - 1) + 1
    limit = source.offset(high) if high < len(source.squeezed) else len(source.plain)
    position = source.plain.find("\n", start)
    seen = any(character.isdigit() for character in source.plain[start : max(start, position)])
    while 0 <= position < limit:
        stop = source.plain.find("\n", position + 1)
        stop = len(source.plain) if stop < 0 else stop
        line = source.plain[position + 1 : min(stop, position + 200)]
        digits = any(character.isdigit() for character in line)
        words = _CHINESE.search(line) and line.strip("\t\r |") not in template().nothing
        if words and (seen or not digits or "、" in line):
            return position + 1
        seen = seen or digits
        position = stop if stop < len(source.plain) else -1
    return min(limit, len(source.plain))


def _heads(source: Source, chain: Sequence[Hit], low: int) -> dict[str, str | None]:
    """The edition that the head above each row is worded in."""
    form = template()
    editions: dict[str, str | None] = {}
    previous = low
    for hit in chain:
        name = form.disclosure[hit.row].name
        group = form.head_of.get(name, name)
        between = source.squeezed[previous : hit.start]
        found = [
            edition
            for edition in ("2019", "2021")
            if any(word in between for word in form.wording[edition].get(group, ()))
        ]
        if "2019" in found and name in {"licensing", "penalties"}:
            editions[name] = "2019"
        elif found:
            editions[name] = found[-1]
        else:
            editions[name] = editions.get(group)
        previous = hit.end
    return editions


def _row(
    source: Source, hit: Hit, columns: Sequence[str], lines: Sequence[Line], *, mode: Mode, usual: int
) -> list[Amount]:
    width = len(columns)
    line = next((line for line in lines if line.numbers), None)
    if line is None:
        line = next((line for line in lines if line.atoms), Line((), 0))
    if sum(other.numbers > 0 for other in lines) > 1:
        atoms = tuple(atom for other in lines if other.numbers for atom in strip_blanks(other.atoms)[1])
        line = Line(atoms, -1)
    atoms = _window(line, width, mode, usual)
    if atoms is None:
        readings = all_readings(line.atoms, width, (), blanks_seen=any(a.kind == "blank" for a in line.atoms))
        told = merge(readings, width, "") if readings else [UNREADABLE] * width
        return [Amount(_certain(verdict, column)) for column, verdict in zip(columns, told, strict=True)]
    return [
        _amount(source, column, atom, hit) if atom.kind == "number" else Amount(_plain(atom))
        for column, atom in zip(columns, atoms, strict=True)
    ]


def _certain(verdict: Verdict, column: str) -> Verdict:
    """No identity joins these rows, so none can restore a figure; and one cut out of others says nothing of its unit."""
    restored = verdict.status == "repaired" or (column in template().money and verdict.value)
    return UNREADABLE if restored else verdict


def _window(line: Line, width: int, mode: Mode, usual: int) -> Sequence[Atom] | None:
    """The atoms that are the row's cells without doubt."""
    _, core, trail = strip_blanks(line.atoms)
    if any(
        atom.kind == "number" and len(atom.digits) > 1 and atom.digits[0] == "0" and atom.digits[1] != "."
        for atom in core
    ):
        return None
    if len(core) == width:
        return core
    whole = line.atoms
    if len(core) > width:
        return None
    if mode == "tabbed":
        return whole if len(whole) == width else None
    if not core and len(whole) >= width:
        return whole[:width]
    return (
        whole[:width]
        if mode == "rows" and line.width == usual and len(whole) - trail <= width <= len(whole)
        else None
    )


def _plain(atom: Atom) -> Verdict:
    reading = direct([atom], ())
    return merge([reading], 1, "")[0] if reading else UNREADABLE


def _amount(source: Source, column: str, atom: Atom, hit: Hit) -> Amount:
    if column in template().money:
        return _money(source, atom, hit)
    if not atom.digits.isdigit() and atom.scale == 1:
        return Amount(Verdict("unreadable", None, atom.start, atom.end))
    value = Decimal(atom.digits) * atom.scale * (atom.sign if column == "change" else 1)
    if value != value.to_integral_value() or (atom.sign < 0 and column != "change"):
        return Amount(Verdict("unreadable", None, atom.start, atom.end))
    return Amount(Verdict("read", int(value), atom.start, atom.end))


def _money(source: Source, atom: Atom, hit: Hit) -> Amount:
    """Yuan: the unit in the cell decides, then the one in the head, then the form's 万元."""
    if atom.scale != 1:
        factor = atom.scale
    elif atom.money or template().yuan_head.search(source.squeezed, max(0, hit.start - 60), hit.start):
        factor = 1
    else:
        factor = _YUAN_PER_WAN
    value = Decimal(atom.digits) * factor
    whole = value == value.to_integral_value()
    return Amount(Verdict("read", None, atom.start, atom.end), int(value) if whole else float(value))
