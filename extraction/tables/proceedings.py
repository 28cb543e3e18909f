"""The table of reviews and lawsuits, flat, upright or cut in pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .grid import Atom, Line, Mode, Source, layout_of, read_lines
from .readings import Identities, all_readings, direct, strip_blanks
from .template import OUTCOMES, PROCEEDINGS, template
from .verdicts import UNREADABLE, Verdict, merge, solve_alone

FLAT: Identities = tuple((tuple(range(start, start + 4)), start + 4) for start in (0, 5, 10))
ROW: Identities = (((0, 1, 2, 3), 4),)
_REACH = 2500


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the head: its place in the squeezed text, and the proceeding or the outcome it names."""

    start: int
    end: int
    kind: Literal["proceeding", "outcome"]
    name: str


def read_proceedings(source: Source, after: int) -> dict[str, list[Verdict]] | None:
    """Return the verdicts on the five cells of each proceeding; None when no such table stands behind ``after``."""
    form = template()
    low = source.place(after)
    places = [p for word in form.proceedings_start if (p := source.squeezed.find(word, low)) >= 0]
    if not places:
        return None
    first = min(places)
    begin = _line_start(source, source.offset(max(low, first - 30)))
    begin = max(begin, after)
    end = _end(source, source.offset(first))
    words = _words(source, begin, end)
    if not words:
        return None
    mode = layout_of(source, source.offset(first), end)
    return _assign(words, _runs(source, words, end, mode))


def _line_start(source: Source, offset: int) -> int:
    low = max(0, offset - 200)
    return source.plain.rfind("\n", low, offset) + 1 or low


def _end(source: Source, start: int) -> int:
    """Where prose or the next heading begins."""
    form = template()
    limit = min(len(source.plain), start + _REACH)
    position = source.plain.find("\n", start)
    while 0 <= position < limit:
        stop = source.plain.find("\n", position + 1)
        stop = len(source.plain) if stop < 0 else stop
        if form.proceedings_end.search(source.plain[position + 1 : min(stop, position + 400)]):
            return position + 1
        position = stop if stop < len(source.plain) else -1
    return limit


def _words(source: Source, begin: int, end: int) -> list[_Word]:
    """The words of the head in the order of the text."""
    form = template()
    low, high = source.place(begin), source.place(end) if end < len(source.plain) else len(source.squeezed)
    found: list[_Word] = []
    tables: tuple[tuple[Literal["proceeding", "outcome"], dict[str, tuple[str, ...]]], ...] = (
        ("proceeding", form.proceeding_words),
        ("outcome", form.outcome_words),
    )
    for kind, table in tables:
        for name, word in ((name, word) for name, words in table.items() for word in words):
            place = source.squeezed.find(word, low, high)
            while place >= 0:
                found.append(_Word(place, place + len(word), kind, name))
                place = source.squeezed.find(word, place + len(word), high)
    found.sort(key=lambda word: (word.start, -word.end))
    kept: list[_Word] = []
    for word in found:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _runs(source: Source, words: Sequence[_Word], end: int, mode: Mode) -> dict[int, Line]:
    """The values that stand behind each word, by the word's index; blank cells where there is nothing else."""
    runs: dict[int, Line] = {}
    for i, word in enumerate(words):
        start = source.offset(word.end - 1) + 1
        stop = source.offset(words[i + 1].start) if i + 1 < len(words) else end
        lines = read_lines(source, start, stop, mode)
        printed = [line for line in lines if any(atom.end > atom.start for atom in line.atoms)]
        if len(printed) > 1:
            runs[i] = Line(tuple(atom for line in printed for atom in strip_blanks(line.atoms)[1]), -1)
        elif printed:
            runs[i] = printed[0]
        elif lines:
            runs[i] = max(lines, key=lambda line: len(line.atoms))
    return runs


def _assign(words: Sequence[_Word], runs: Mapping[int, Line]) -> dict[str, list[Verdict]] | None:
    """Tell the forms of the table by where values stand between the words of its head."""
    outcomes = [i for i, word in enumerate(words) if word.kind == "outcome"]
    proceedings = [i for i, word in enumerate(words) if word.kind == "proceeding"]
    totals = any(words[i].name == "total" for i in outcomes)
    width = len(OUTCOMES) if totals else len(OUTCOMES) - 1
    by_row = _rows_of_values(words, runs, proceedings, width)
    if by_row is not None:
        return {name: _row(line, totals) for name, line in zip(PROCEEDINGS, by_row, strict=True)}
    upright = [runs.get(i, _NO_LINE) for i in outcomes]
    if [words[i].name for i in outcomes] == list(OUTCOMES[:width]) and _filled(upright, len(PROCEEDINGS)):
        return _upright(upright, totals)
    printed = [line for line in runs.values() if _is_printed(line)]
    if len(printed) == 1:
        return _flat(printed[0], totals)
    cell = UNREADABLE if printed else Verdict("blank")
    return {name: [cell] * len(OUTCOMES) for name in PROCEEDINGS} if len(outcomes) >= width else None


def _rows_of_values(
    words: Sequence[_Word], runs: Mapping[int, Line], proceedings: Sequence[int], width: int
) -> list[Line] | None:
    """The values of each proceeding where they stand behind its name, or behind the outcomes that follow its name."""
    proceedings = proceedings[-len(PROCEEDINGS) :]  # the heading may name one of them before
    if [words[i].name for i in proceedings] != list(PROCEEDINGS):
        return None
    behind = [runs.get(i, _NO_LINE) for i in proceedings]
    if _filled(behind, width) and any(map(_is_printed, behind)):
        return behind
    ends = [*(i - 1 for i in proceedings[1:]), len(words) - 1]
    sizes = [end - start for start, end in zip(proceedings, ends, strict=True)]
    after = [runs.get(i, _NO_LINE) for i in ends]
    return after if sizes == [width] * len(PROCEEDINGS) and _filled(after, width) else None


_NO_LINE = Line((), 0)


def _is_printed(line: Line) -> bool:
    return any(atom.end > atom.start for atom in line.atoms)


def _filled(lines: Sequence[Line], width: int) -> bool:
    """Whether each of the lines has the cells of a row, or values."""
    return all(_is_printed(line) or len(line.atoms) >= width for line in lines)


def _row(line: Line, totals: bool) -> list[Verdict]:
    width = len(OUTCOMES) if totals else len(OUTCOMES) - 1
    return _with_total(_read(line, width, ROW if totals else ()), totals)


def _with_total(verdicts: list[Verdict], totals: bool) -> list[Verdict]:
    """Add the total that a head without totals leaves to the reader."""
    if totals:
        return verdicts
    if any(verdict.status == "unreadable" for verdict in verdicts):
        return [*verdicts, Verdict("unreadable")]
    return [
        *verdicts,
        Verdict("repaired", sum(v.value or 0 for v in verdicts), repair="row total: proceedings"),
    ]


def _flat(line: Line, totals: bool) -> dict[str, list[Verdict]]:
    core = strip_blanks(line.atoms)[1]
    if not totals and len(core) <= len(PROCEEDINGS) * 4:
        verdicts = _read(line, 12, ())
        return {name: _with_total(verdicts[4 * i : 4 * i + 4], False) for i, name in enumerate(PROCEEDINGS)}
    verdicts = _read(line, 15, FLAT)
    return {name: verdicts[5 * i : 5 * i + 5] for i, name in enumerate(PROCEEDINGS)}


def _read(line: Line, width: int, identities: Identities) -> list[Verdict]:
    exact = _exact(line.atoms, width)
    reading = direct(exact, ()) if exact is not None else None
    if reading is not None and not any(slot.kind == "debris" for slot in reading.slots):
        return merge([reading], width, "")
    readings = all_readings(line.atoms, width, identities, blanks_seen=False)
    return solve_alone(
        readings,
        lambda: all_readings(line.atoms, width, (), blanks_seen=False),
        width,
        "row total: proceedings",
    )


def _exact(atoms: Sequence[Atom], width: int) -> Sequence[Atom] | None:
    lead, core, _ = strip_blanks(atoms)
    if len(core) == width:
        return core
    if not core and lead >= width:
        return atoms[:width]
    return atoms if len(atoms) == width else None


def _upright(lines: Sequence[Line], totals: bool) -> dict[str, list[Verdict]]:
    columns = [_read(line, len(PROCEEDINGS), ()) for line in lines]
    return {
        name: _with_total([column[i] for column in columns], totals) for i, name in enumerate(PROCEEDINGS)
    }
