"""The table of requests for information: its rows found by wording, its cells by position and sums."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from .chain import Hit, best_chain, find_hits
from .columns import column_order
from .grid import Atom, Line, Mode, Source, layout_of, read_lines
from .readings import Reading, direct, strip_blanks
from .solve import APPLICATION_IDENTITIES, RowPrint, solve_applications
from .template import template
from .verdicts import UNREADABLE, WIDTH, Verdict

_FEWEST_ROWS = 4
_TAIL = 400
_EDGE = 150
_FUZZY = 60
_KNOWN = 80
_WORDS = re.compile(r"[^\d\s|]*[\u4e00-\u9fff][^\d\s|]{2,}")
_PROSE = re.compile(r"[^\n]*[\u4e00-\u9fff][^\n]*[\u4e00-\u9fff]{3}")
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_SENTENCE = re.compile(r"[;。]|,(?!\d)")
_REST_OF_TABLE = re.compile(r"[\s|]*(?:年?度?继续|\d+(?![.、年\d]))")


@dataclass(frozen=True, slots=True)
class Region:
    """A table as found: its rows' names and labels, its bounds in the text, and the rows that cannot be told apart."""

    start: int
    end: int
    rows: tuple[tuple[str, Hit], ...]
    second_edition: bool
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Segment:
    name: str
    lines: tuple[Line, ...]


def find_applications(source: Source) -> Region | None:
    """Return where the table of requests stands, None when there is none."""
    rows = template().applications
    chain = best_chain(find_hits(source, rows))
    if len(chain) < _FEWEST_ROWS or _is_prose(source, chain):
        return None
    named = [(rows[hit.row].name, hit) for hit in chain]
    named, second = _add_short_rows(source, named)
    named, lost = _add_damaged_rows(source, named, SECOND_EDITION_LACKS if second else frozenset())
    first, last = named[0][1], named[-1][1]
    return Region(source.offset(first.start), _table_end(source, last), tuple(named), second, lost)


def read_applications(source: Source, region: Region) -> dict[str, list[Verdict]]:
    """Return the verdicts on the cells of each row found, in the order of the official columns."""
    mode = layout_of(source, region.start, region.end)
    segments = _share_lost_rows(_segments(source, region, mode), mode)
    order = [row.name for row in template().applications]
    expected = [name for name in order if not (region.second_edition and name in SECOND_EDITION_LACKS)]
    lost = region.lost | _crowded(segments, mode)
    in_grid = source.grid_at(region.start) is not None
    prints = _row_prints([segment for segment in segments if segment.name not in lost], mode, in_grid)
    last = segments[-1].name
    if region.end >= len(source.text) and last in prints and not prints[last].clean:
        del prints[last]  # the file breaks off in this row
        lost |= {last}
    verdicts = solve_applications(prints, expected)
    if not any(atom.kind != "blank" for row in prints.values() for atom in row.atoms):
        nothing = Verdict("blank")
        verdicts = {
            name: [cell if cell.status == "blank" else nothing for cell in row]
            for name, row in verdicts.items()
        }
    verdicts |= {name: [UNREADABLE] * WIDTH for name in lost}
    columns = column_order(source, source.place(region.start), region.rows[0][1].start)
    if columns is None:
        return {name: [UNREADABLE] * WIDTH for name in verdicts}
    return {name: [row[i] for i in columns] for name, row in verdicts.items()}


SECOND_EDITION_LACKS = frozenset({"other.no_correction", "other.fee_unpaid"})


def _is_prose(source: Source, chain: Sequence[Hit]) -> bool:
    """Whether the rows' words stand in sentences."""
    gaps = [source.squeezed[hit.end : after.start] for hit, after in pairwise(chain)]
    return 3 * sum(_SENTENCE.search(_BRACKETS.sub("", gap)) is not None for gap in gaps) > len(gaps)


def _add_short_rows(source: Source, named: list[tuple[str, Hit]]) -> tuple[list[tuple[str, Hit]], bool]:
    """The rows 其他 and 总计, whose words stand everywhere, between the rows around them."""
    form = template()
    by_name = dict(named)
    names = [row.name for row in form.applications]
    before = [hit for name, hit in named if names.index(name) < names.index("other.other")]
    if not before:
        return named, False
    low = before[-1].end
    high = (
        by_name["carried_out"].start if "carried_out" in by_name else min(low + _TAIL, len(source.squeezed))
    )
    stretch = form.head_run.sub(_mask, source.squeezed[low:high])
    total = _last(form.total_row, stretch, first="carried_out" not in by_name)
    upper = total.start() if total else len(stretch)
    other = _last(form.other_row, stretch[:upper])
    parents = list(form.other_row_2019.finditer(source.squeezed, low, low + upper))
    second = False
    if other is None and parents and not (SECOND_EDITION_LACKS & by_name.keys()):
        second = True
        hit = Hit(names.index("other.other"), parents[-1].start(), parents[-1].end())
        named = [*named, ("other.other", hit)]
    elif other is not None:
        named = [
            *named,
            ("other.other", Hit(names.index("other.other"), low + other.start(), low + other.end())),
        ]
    if total is not None:
        named = [*named, ("total", Hit(names.index("total"), low + total.start(), low + total.end()))]
    return sorted(named, key=lambda item: item[1].start), second


def _mask(match: re.Match[str]) -> str:
    return "\0" * len(match.group()) if len(match.group()) > 6 else match.group()


def _last(pattern: re.Pattern[str], text: str, first: bool = False) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    if not found:
        return None
    return found[0] if first else found[-1]


def _add_damaged_rows(
    source: Source, named: Sequence[tuple[str, Hit]], not_printed: frozenset[str]
) -> tuple[list[tuple[str, Hit]], frozenset[str]]:
    """Rows whose label is misprinted, by likeness or because it is the only one missing between two others.

    The names returned beside are rows that must be there under words nobody can tell.
    """
    order = [row.name for row in template().applications]
    found: list[tuple[str, Hit]] = []
    lost: set[str] = set()
    first, last = named[0][1], named[-1][1]
    edges = [
        ("", Hit(-1, max(0, first.start - _EDGE), max(0, first.start - _EDGE))),
        *named,
        ("", Hit(len(order), min(len(source.squeezed), last.end + _EDGE), 0)),
    ]
    for (name, hit), (after, next_hit) in pairwise(edges):
        missing = [row for row in order[hit.row + 1 : next_hit.row] if row not in not_printed]
        if not missing:
            continue
        parts = _unknown_words(source, hit.end, next_hit.start, [n for n in (name, after) if n])
        rows = _likely_rows(source, parts, missing, only=bool(name and after))
        found += rows
        if name and after and parts and not rows:
            lost |= {*missing, name}
    return sorted([*named, *found], key=lambda item: item[1].start), frozenset(lost)


def _unknown_words(source: Source, low: int, high: int, around: Sequence[str]) -> list[tuple[int, str]]:
    """Stretches of words between two labels that belong to neither, nor to the head: their places and words."""
    form = template()
    labels = {row.name: row.label for row in form.applications}
    known = [*form.other_words, *(labels[name] for name in around)]
    start = source.offset(low - 1) + 1 if low else 0
    end = source.offset(high) if high < len(source.squeezed) else len(source.plain)
    return [
        (source.place(part.start()), part.group())
        for part in _WORDS.finditer(source.plain, start, end)
        if not any(_is_part(part.group(), words) for words in known)
    ]


def _is_part(printed: str, words: str) -> bool:
    return len(printed) < len(words) + 2 and fuzz.partial_ratio(printed, words) >= _KNOWN


def _likely_rows(
    source: Source, parts: Sequence[tuple[int, str]], missing: Sequence[str], only: bool
) -> list[tuple[str, Hit]]:
    rows = {row.name: (i, row.label) for i, row in enumerate(template().applications)}
    left = list(missing)
    found: list[tuple[str, Hit]] = []
    for start, words in parts:
        scores = sorted(((fuzz.partial_ratio(words, rows[name][1]), name) for name in left), reverse=True)
        if not scores:
            break
        clear = len(scores) == 1 or scores[0][0] > scores[1][0] + 8
        if (scores[0][0] >= _FUZZY and clear) or (only and len(missing) == len(parts) == 1):
            name = scores[0][1]
            ordinal = words[0] in ".、" and source.plain[source.offset(start) - 1].isdigit()
            found.append((name, Hit(rows[name][0], start - ordinal, start + len(words))))
            left = left[left.index(name) + 1 :]
    return found


def _table_end(source: Source, last: Hit) -> int:
    """The end of the last row's lines: where prose or the next heading begins."""
    start = source.offset(last.end - 1) + 1
    plain = source.plain
    position = plain.find("\n", start)
    limit = min(len(plain), start + 3000)
    while 0 <= position < limit:
        stop = plain.find("\n", position + 1)
        stop = len(plain) if stop < 0 else stop
        line = plain[position + 1 : stop]
        if _PROSE.match(line[:200]) and not _REST_OF_TABLE.match(line):
            return position + 1
        position = stop if stop < len(plain) else -1
    return limit


def _segments(source: Source, region: Region, mode: Mode) -> list[_Segment]:
    segments: list[_Segment] = []
    bounds = [hit for _, hit in region.rows]
    for i, (name, hit) in enumerate(region.rows):
        start = source.offset(hit.end - 1) + 1
        end = source.offset(bounds[i + 1].start) if i + 1 < len(bounds) else region.end
        segments.append(_Segment(name, tuple(read_lines(source, start, end, mode))))
    return segments


def _share_lost_rows(segments: Sequence[_Segment], mode: Mode) -> list[_Segment]:
    """Two full rows after one label are two rows when exactly one row's label, or the next row's figures, are lost."""
    if mode != "rows":
        return list(segments)
    order = [row.name for row in template().applications]
    shared: list[_Segment] = []
    spare: Line | None = None
    for i, segment in enumerate(segments):
        lines: tuple[Line, ...] = segment.lines if spare is None else (spare,)
        spare = None
        full: list[Line] = [
            line for line in lines if len(strip_blanks(line.atoms)[1]) == WIDTH and line.numbers
        ]
        shared.append(_Segment(segment.name, lines))
        if len(full) != 2 or i + 1 == len(segments):
            continue
        place, following = order.index(segment.name), order.index(segments[i + 1].name)
        if following == place + 2:
            shared[-1:] = [_Segment(segment.name, (full[0],)), _Segment(order[place + 1], (full[1],))]
        elif following == place + 1 and not any(line.numbers for line in segments[i + 1].lines):
            shared[-1] = _Segment(segment.name, (full[0],))
            spare = full[1]
    return shared


def _crowded(segments: Sequence[_Segment], mode: Mode) -> set[str]:
    """Rows whose figures may be those of another: one with two full lines, and rows without behind one with two."""
    found = {
        segment.name
        for segment in segments
        if mode == "tabbed" and sum(len(line.atoms) >= WIDTH for line in segment.lines) > 1
    }
    for segment, after in pairwise(segments):
        lines = sum(line.numbers > (line.width < WIDTH) for line in segment.lines)
        if lines > 1 and not any(line.numbers for line in after.lines):
            found |= {segment.name, after.name}
    return found


def _row_prints(segments: Sequence[_Segment], mode: Mode, in_grid: bool) -> dict[str, RowPrint]:
    chosen = {segment.name: _main_atoms(segment.lines, mode) for segment in segments}
    blanks_seen = any(
        atom.kind == "blank" and atom.start == atom.end for a, _ in chosen.values() for atom in a
    )
    surplus = any(sum(line.numbers >= WIDTH for line in segment.lines) > 1 for segment in segments)
    anchor = _anchor(chosen, mode)
    return {
        name: _row_print(name, printed, anchor, mode, blanks=blanks_seen and not surplus, grid=in_grid)
        for name, printed in chosen.items()
    }


def _main_atoms(lines: Sequence[Line], mode: Mode) -> tuple[tuple[Atom, ...], int]:
    """The atoms of a row's values: the lines with numbers, else debris, else blanks."""
    numbered = [line for line in lines if line.numbers]
    if mode == "rows":
        full = [line for line in numbered if len(strip_blanks(line.atoms)[1]) == WIDTH]
        if full and all(line is full[0] or line.numbers == 1 for line in numbered):
            return full[0].atoms, full[0].width
    if numbered:
        if len(numbered) == 1:
            return numbered[0].atoms, numbered[0].width
        atoms = tuple(atom for line in numbered for atom in strip_blanks(line.atoms)[1])
        return atoms, -1
    for kind in ("debris", "blank"):
        for line in lines:
            if any(atom.kind == kind for atom in line.atoms):
                return line.atoms, line.width
    return (), -1


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where the values stand in most rows: in which columns, in lines of how many cells; or how far behind the label."""

    column: int | None
    lead: int | None
    width: int
    length: int


def _anchor(chosen: Mapping[str, tuple[tuple[Atom, ...], int]], mode: Mode) -> _Anchor:
    columns: Counter[int] = Counter()
    leads: Counter[int] = Counter()
    widths: Counter[int] = Counter()
    lengths: Counter[int] = Counter()
    for atoms, width in chosen.values():
        lead, core, _ = strip_blanks(atoms)
        if len(core) == WIDTH and all(atom.kind != "debris" for atom in core):
            columns[core[0].column] += 1
            leads[lead] += 1
            widths[width] += 1
            lengths[len(atoms)] += 1
    if max(columns.values(), default=0) < 2:  # one row alone may be the damaged one
        return _spanned(chosen) if mode == "rows" else _Anchor(None, None, -1, -1)
    column, count = columns.most_common(1)[0]
    lead, lead_count = leads.most_common(1)[0]
    width, length = widths.most_common(1)[0][0], lengths.most_common(1)[0][0]
    if mode != "rows" or lead_count > count:
        return _Anchor(None, lead, width, length)
    return _Anchor(column, None, width, length)


def _spanned(chosen: Mapping[str, tuple[tuple[Atom, ...], int]]) -> _Anchor:
    """The seven columns that all values together lie in, where no row has a value in both outer ones."""
    widths = Counter(width for _, width in chosen.values())
    width = widths.most_common(1)[0][0] if widths else -1
    columns = [a.column for atoms, w in chosen.values() if w == width for a in atoms if a.kind == "number"]
    if columns and max(columns) - min(columns) == WIDTH - 1:
        return _Anchor(min(columns), None, width, -1)
    return _Anchor(None, None, -1, -1)


def _row_print(
    name: str, printed: tuple[tuple[Atom, ...], int], anchor: _Anchor, mode: Mode, *, blanks: bool, grid: bool
) -> RowPrint:
    atoms, width = printed
    lead, core, trail = strip_blanks(atoms)
    shape = f"{lead},{''.join(atom.kind[0] for atom in core)}"
    window = _window(atoms, width, anchor, mode)
    reading: Reading | None = None
    clean, placed = False, window is not None
    if window is not None:
        reading = direct(window, APPLICATION_IDENTITIES, kind=f"window{_lead_of(window)}")
        clean = mode == "tabbed" or grid or len(core) in {0, WIDTH}
    elif len(core) == WIDTH:
        reading = direct(core, APPLICATION_IDENTITIES, kind="window0")
        clean = placed = lead == trail == 0
    elif not core and lead >= WIDTH and anchor.width in {-1, width}:
        reading = direct(atoms[:WIDTH], APPLICATION_IDENTITIES, kind="window7")
        clean = placed = True
    if reading is not None and any(slot.kind == "debris" for slot in reading.slots):
        reading, clean, placed = None, False, False
        atoms = tuple(core) if window is not None and len(core) == WIDTH else atoms
    return RowPrint(name, atoms, reading, clean, placed, shape, blanks)


def _lead_of(window: Sequence[Atom]) -> int:
    return strip_blanks(window)[0]


def _window(atoms: tuple[Atom, ...], width: int, anchor: _Anchor, mode: Mode) -> tuple[Atom, ...] | None:
    """The atoms that stand where the values of most rows stand, when the line is as long and nothing is left over."""
    if anchor.column is not None:
        if width != anchor.width:
            return None
        inside = tuple(atom for atom in atoms if anchor.column <= atom.column < anchor.column + WIDTH)
        outside = [atom for atom in atoms if atom not in inside]
    elif mode == "tabbed":
        lead = anchor.lead or 0
        if len(atoms) != lead + WIDTH:
            return None
        inside, outside = atoms[lead:], list(atoms[:lead])
    elif mode == "rows" and anchor.lead is not None:
        if len(atoms) != anchor.length:
            return None
        inside = atoms[anchor.lead : anchor.lead + WIDTH]
        outside = [*atoms[: anchor.lead], *atoms[anchor.lead + WIDTH :]]
    else:
        return None
    if any(atom.kind != "blank" or atom.end > atom.start for atom in outside):
        return None
    columns = {atom.column for atom in inside}
    distinct = len(columns) == WIDTH or mode == "tabbed" or len(columns) == 1
    return inside if len(inside) == WIDTH and distinct else None
