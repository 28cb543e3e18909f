"""What the readings of a row agree on, and what the identities force beyond that."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from .cells import CellStatus
from .readings import Reading, Slot

WIDTH = 7
OUTCOME_WEIGHT = (1, 0)
_FILLED = ("debris", "missing")
# What a row adds to the two identities of its column: total = outcomes, and new + carried in = total + carried out.
_BALANCE = {"new": (0, 1), "carried_in": (0, 1), "total": (-1, -1), "carried_out": (0, -1)}

Place = tuple[str, int]
"""A row and a column."""
Term = tuple[str, int, int]
"""A cell of an identity: row, column, and the factor it counts with."""


class Verdict(NamedTuple):
    """What is known of a cell in the end."""

    status: CellStatus
    value: int | None = None
    start: int | None = None
    end: int | None = None
    repair: str | None = None


UNREADABLE = Verdict("unreadable")


def weight(row: str) -> tuple[int, int]:
    """Return what a row of the applications table adds to the outcome and to the balance identity of a column."""
    return _BALANCE.get(row, OUTCOME_WEIGHT)


def solve_alone(
    readings: Sequence[Reading] | None, any_way: Callable[[], list[Reading] | None], width: int, repair: str
) -> list[Verdict]:
    """Return the verdicts on a row that no other row speaks about.

    Its own total is one witness, so it tells that a cell is nothing, but not what a lost figure was: where a reading
    fills one in, or where none adds up, only what every way to place the cells (``any_way``) agrees on is told.
    """
    sound = [reading for reading in readings or () if not reading.broken]
    if sound and not any(slot.value and slot.kind in _FILLED for reading in sound for slot in reading.slots):
        return merge(sound, width, repair)
    placed = any_way()
    return merge(placed, width, repair) if placed else [UNREADABLE] * width


def merge(readings: Sequence[Reading], width: int, repair: str) -> list[Verdict]:
    """Return what all readings agree on, cell by cell."""
    if len(readings) == 1:
        return [_verdict(slot, repair) for slot in readings[0].slots]
    return [_merge_slot([reading.slots[i] for reading in readings], repair) for i in range(width)]


def _verdict(slot: Slot, repair: str) -> Verdict:
    if slot.kind == "blank":
        return Verdict("blank", None, slot.start, slot.end)
    if slot.value is None:
        return Verdict("unreadable", None, slot.start, slot.end)
    if slot.kind in {"read", "split"}:
        return Verdict("read", slot.value, slot.start, slot.end)
    return Verdict("repaired", slot.value, slot.start, slot.end, repair)


def _merge_slot(slots: Sequence[Slot], repair: str) -> Verdict:
    first = slots[0]
    blank = next((slot for slot in slots if slot.kind == "blank"), None)
    if blank is not None:
        # A missing cell that is nothing, among blanks, is one of them.
        empty = all(slot.kind == "blank" or (slot.kind == "missing" and slot.value == 0) for slot in slots)
        return Verdict("blank", None, blank.start, blank.end) if empty else UNREADABLE
    if any(slot.value is None or slot.value != first.value for slot in slots):
        same = all(slot == first for slot in slots)
        return Verdict("unreadable", None, first.start, first.end) if same else UNREADABLE
    return _verdict(first, repair)


def propagate(
    verdicts: dict[str, list[Verdict]],
    expected: Sequence[str],
    with_blanks: Set[str],
    any_way: Callable[[str], list[Reading] | None],
) -> dict[str, list[Verdict]]:
    """Fill the cells that an identity with no other unknown forces, where a further identity confirms them.

    What is filled must go with some way to place the row's printed cells, which ``any_way`` lists.

    A nothing in a row with blank cells stays unreadable: it may be one of the blanks.
    """
    unknown = {
        (row, column)
        for row, cells in verdicts.items()
        for column, cell in enumerate(cells)
        if cell.status == "unreadable"
    }
    if not unknown:
        return verdicts
    identities = _identities(verdicts, expected)
    filled: dict[Place, tuple[int, str]] = {}
    changed = True
    while changed:
        changed = False
        for terms, repair in identities:
            open_places = [
                (row, c, w) for row, c, w in terms if (row, c) in unknown and (row, c) not in filled
            ]
            if len(open_places) == 1:
                row, column, factor = open_places[0]
                filled[row, column] = -factor * _sum(verdicts, filled, terms), repair
                changed = True
    kept = _confirmed(verdicts, filled, unknown, [terms for terms, _ in identities])
    unlike = {row for row in {row for row, _ in kept} if not _is_like(row, verdicts, filled, any_way(row))}
    for row, column in kept:
        if row in unlike:
            continue
        value, repair = filled[row, column]
        if value > 0 or (value == 0 and row not in with_blanks):
            verdicts[row][column] = verdicts[row][column]._replace(
                status="repaired", value=value, repair=repair
            )
    return verdicts


def _is_like(
    row: str,
    verdicts: Mapping[str, Sequence[Verdict]],
    filled: Mapping[Place, tuple[int, str]],
    readings: Sequence[Reading] | None,
) -> bool:
    """Whether one of the readings has the row's told and filled values."""
    wanted = {
        column: filled[row, column][0] if (row, column) in filled else verdict.value or 0
        for column, verdict in enumerate(verdicts[row])
        if verdict.status != "unreadable" or (row, column) in filled
    }
    return any(
        all(reading.values[column] in {None, value} for column, value in wanted.items())
        for reading in readings or ()
    )


def _sum(
    verdicts: Mapping[str, Sequence[Verdict]], filled: Mapping[Place, tuple[int, str]], terms: Sequence[Term]
) -> int:
    return sum(
        factor * (filled[row, column][0] if (row, column) in filled else verdicts[row][column].value or 0)
        for row, column, factor in terms
    )


def _confirmed(
    verdicts: Mapping[str, Sequence[Verdict]],
    filled: Mapping[Place, tuple[int, str]],
    unknown: Set[Place],
    identities: Sequence[Sequence[Term]],
) -> set[Place]:
    """The filled cells that stand in more identities than it took to fill them, all of which hold.

    Cells that share an identity stand and fall together, and must be of one row or of one column: across both, one
    wrong figure of the report may cancel itself out.
    """
    kept = set(filled)
    while True:
        joint: list[
            tuple[set[Place], int, bool]
        ] = []  # the cells, their identities, whether all of these hold
        counts: Counter[Place] = Counter()
        for terms in identities:
            cells = {(row, column) for row, column, _ in terms} & unknown
            if not cells or not cells <= kept:
                continue
            counts.update(cells)
            group, number, holds = cells, 1, not _sum(verdicts, filled, terms)
            for other in [other for other in joint if other[0] & cells]:
                joint.remove(other)
                group, number, holds = group | other[0], number + other[1], holds and other[2]
            joint.append((group, number, holds))
        sound = {
            place
            for cells, number, holds in joint
            if holds and number > len(cells) and 1 in map(len, map(set, zip(*cells, strict=True)))
            for place in cells
        }
        remaining = {place for place in kept & sound if counts[place] > 1 and filled[place][0] >= 0}
        if remaining == kept:
            return kept
        kept = remaining


def _identities(
    verdicts: Mapping[str, Sequence[Verdict]], expected: Sequence[str]
) -> list[tuple[list[Term], str]]:
    found: list[tuple[list[Term], str]] = []
    for row in verdicts:
        terms = [(row, column, 1) for column in range(WIDTH - 1)] + [(row, WIDTH - 1, -1)]
        found.append((terms, f"row total: applications.{row}"))
    for kind, label in enumerate(("outcomes", "balance")):
        names = [name for name in expected if weight(name)[kind]]
        if all(name in verdicts for name in names):
            for column in range(WIDTH):
                terms = [(name, column, weight(name)[kind]) for name in names]
                found.append((terms, f"{label}: applications column {column + 1}"))
    return found
