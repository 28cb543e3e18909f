"""What was read on one page of a report, as marks to be drawn on it and notes to be written beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..annotations.scheme import scheme
from ..extraction.document import Box, Document
from ..extraction.record import (
    CheckRecord,
    FactRecord,
    ImprovementRecord,
    PlaceRecord,
    ProblemRecord,
    Record,
    Statistic,
)
from .wording import amount_text, number_text

Kind = Literal["grid", "read", "blank", "repaired", "unreadable", "failed", "fact", "problem", "improvement"]
"""What a mark stands for: a cell's rules, a figure by its status, a figure whose sums fail, a piece of the narrative."""

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""

NOISE = "noise"
_STATUSES: dict[str, Kind] = {
    "read": "read",
    "blank": "blank",
    "repaired": "repaired",
    "unreadable": "unreadable",
}
_ABOUT = 1.5
"""Points left around print of which the cell is not known."""
_SAME_LINE = 0.5
_LEADING = 8.0
"""Points by which lines of print differ; what differs less stands on one line, in the order of the text."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle around something read; ``tag`` names it on the page where a note tells more."""

    kind: Kind
    edges: Edges
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line beside the page, on what was read ``top`` points below its upper edge; ``values`` are those of a row."""

    kind: Kind
    top: float
    text: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a paragraph, or a table, of a section stands."""

    section: str
    edges: Edges


@dataclass(frozen=True, slots=True)
class PageMarks:
    """All that was read on a page. Places are in points of the page as it is displayed."""

    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]


def marks_of(document: Document, record: Record, page: int) -> PageMarks:
    """Return what ``record`` read on a page; ``document`` is the one that the record was made from.

    Notes name facts and statements by their index in the record, ``f0`` for the first fact, ``p0`` and ``i0`` for the
    first problem and improvement, and cells by their row.
    """
    cells = _cells_on(document, record, page)
    told = list(_narrative(record, page))
    marks = [mark for mark, _ in told] + list(_grid(document, page))
    marks += [Mark(_STATUSES[record.statistics[name].status], edges) for name, edges in cells.items()]
    failed = _failed(record)
    marks += [Mark("failed", cells[name]) for name in failed if name in cells]
    notes = [note for _, note in told if note] + list(_row_notes(record, cells))
    notes += _check_notes(record, cells, page)
    return PageMarks(
        tuple(_stretches(document, record, page)),
        tuple(marks),
        tuple(sorted(notes, key=lambda note: round(note.top / _LEADING))),
    )


def _grid(document: Document, page: int) -> Iterator[Mark]:
    """The outlines of the cells of all tables."""
    for grid in document.grids:
        for cell in grid.cells:
            if cell.box and cell.box.page == page:
                yield Mark("grid", cell.box[1:])


def _cells_on(document: Document, record: Record, page: int) -> dict[str, Edges]:
    """Where each figure of the statistics stands: the room between its rules, or its print."""
    room = {
        (cell.start, cell.end): cell.box for grid in document.grids for cell in grid.cells if cell.box
    }  # a cell's text may be longer than its figure
    found: dict[str, Edges] = {}
    for name, cell in record.statistics.items():
        if cell.status == "absent" or cell.start is None or cell.end is None:
            continue
        start, end = cell.start, cell.end
        box = room.get((start, end)) or next(
            (box for (first, last), box in room.items() if first <= start and end <= last), None
        )
        if box and box.page == page:
            found[name] = box[1:]
        elif not box and (places := _on(cell.places, page)):
            left, top, right, bottom = around(_edges(place) for place in places)
            found[name] = (left - _ABOUT, top - _ABOUT, right + _ABOUT, bottom + _ABOUT)
    return found


def _failed(record: Record) -> list[str]:
    names = (name for check in record.checks if check.outcome == "fail" for name in check.cells)
    return list(dict.fromkeys(names))


def _row_notes(record: Record, cells: dict[str, Edges]) -> Iterator[Note]:
    """A line for each row of the statistics with figures on the page: its name and what was read in its columns."""
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for names in scheme().tables.values():
        for name in names:
            rows[name.rpartition(".")[0]].append(name)
    for row, names in rows.items():
        here = [name for name in names if name in cells]
        if here:
            values = tuple(
                _value(record.statistics[name]) if name in cells else "·"
                for name in names
                if name in record.statistics
            )
            top = sum(cells[name][1] + cells[name][3] for name in here) / (2 * len(here))
            yield Note(_worst(record, here), top, row, values)


def _value(cell: Statistic) -> str:
    if cell.value is None:
        return "–" if cell.status == "blank" else "?"
    return number_text(cell.value) + ("*" if cell.status == "repaired" else "")


def _worst(record: Record, names: Iterable[str]) -> Kind:
    statuses = {record.statistics[name].status for name in names}
    order: tuple[Kind, ...] = ("unreadable", "repaired", "read", "blank")
    return next(kind for kind in order if kind in statuses)


def _check_notes(record: Record, cells: dict[str, Edges], page: int) -> Iterator[Note]:
    """A line for each identity that fails, where the first of its figures on the page stands."""
    for check in record.checks:
        if check.outcome != "fail":
            continue
        tops = [(cells[name][1] + cells[name][3]) / 2 for name in check.cells if name in cells]
        tops += [place.top for index in check.facts for place in _on(record.facts[index].places, page)]
        if tops:
            yield Note("failed", min(tops), _finding(check))


def _finding(check: CheckRecord) -> str:
    left, right = ("?" if side is None else number_text(side) for side in (check.left, check.right))
    return f"{'fails' if check.severity == 'error' else 'warning'}: {check.id}: {left} ≠ {right}"


def _narrative(record: Record, page: int) -> Iterator[tuple[Mark, Note | None]]:
    """Each line of a statement or fact, the first with its note; statements before the facts that stand in them."""
    for index, problem in enumerate(record.problems):
        yield from _marked("problem", f"p{index}", _statement(problem), problem, page)
    for index, item in enumerate(record.improvements):
        answers = "".join(f" → p{problem}" for problem in item.addresses)
        yield from _marked(
            "improvement", f"i{index}", f"{item.status}: {_statement(item)}{answers}", item, page
        )
    for index, fact in enumerate(record.facts):
        yield from _marked("fact", f"f{index}", _fact(fact), fact, page)


def _marked(
    kind: Kind, tag: str, text: str, item: ProblemRecord | ImprovementRecord | FactRecord, page: int
) -> Iterator[tuple[Mark, Note | None]]:
    for place in _on(item.places, page):
        middle = (place.top + place.bottom) / 2
        yield Mark(kind, _edges(place), tag), Note(kind, middle, f"{tag} {text}") if tag else None
        tag = ""  # the other lines of it need no name


def _statement(item: ProblemRecord | ImprovementRecord) -> str:
    return f"{', '.join(item.themes)} ({item.confidence:.2f})"


def _fact(fact: FactRecord) -> str:
    name = f"{fact.metric}.{fact.channel}" if fact.channel else fact.metric
    usual = ("exact", "total", "year", "own")
    details = [
        d for d, u in zip((fact.hedge, fact.role, fact.period, fact.scope), usual, strict=True) if d != u
    ]
    value = amount_text(fact.value, fact.unit)
    return f"{name} = {value} {', '.join(details)}{' ' if details else ''}({fact.confidence:.2f})"


def _stretches(document: Document, record: Record, page: int) -> Iterator[Stretch]:
    """The paragraphs and tables on the page with their sections."""
    for block in document.blocks:
        if any(grid.start <= block.start < grid.end for grid in document.grids):
            continue
        lines = [box for box in document.boxes(block.start, block.end) if box.page == page]
        section = NOISE if block.noise else _section_at(record, block.start)
        yield from (Stretch(section, edges) for edges in _columns(lines))
    for grid in document.grids:
        here = [box[1:] for box in document.boxes(grid.start, grid.end) if box.page == page]
        here += [cell.box[1:] for cell in grid.cells if cell.box and cell.box.page == page]
        if here:
            yield Stretch(_section_at(record, grid.start), around(here))


def _section_at(record: Record, start: int) -> str:
    """The label of the innermost section that holds a character."""
    around_it = [section for section in record.sections if section.start <= start < section.end]
    return min(around_it, key=lambda section: section.end - section.start).label if around_it else ""


def _columns(lines: Iterable[Box]) -> Iterator[Edges]:
    """A rectangle around the lines of a paragraph, one for each column of print that it runs through."""
    column: list[Edges] = []
    for line in lines:
        if column and line.top < column[-1][1] - _SAME_LINE * (line.bottom - line.top):
            yield around(column)
            column = []
        column.append(line[1:])
    if column:
        yield around(column)


def around(boxes: Iterable[Edges]) -> Edges:
    """Return the smallest rectangle around all ``boxes``, of which there must be one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _on(places: Iterable[PlaceRecord], page: int) -> list[PlaceRecord]:
    return [place for place in places if place.page == page]


def _edges(place: PlaceRecord) -> Edges:
    return place.left, place.top, place.right, place.bottom
