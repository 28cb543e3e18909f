"""What the readings of a row agree on, and what the identities force beyond that."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from .cells import CellStatus
from .readings import Reading, Slot

WIDTH = 7
OUTCOME_WEIGHT = (1, 0)
_EVIDENCE = 5
# What a row adds to the two identities of its column: total = outcomes, and new + carried in = total + carried out.
_BALANCE = {"new": (0, 1), "carried_in": (0, 1), "total": (-1, -1), "carried_out": (0, -1)}


@dataclass(frozen=True, slots=True)
class Verdict:
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


def solve_alone(readings: Sequence[Reading] | None, width: int, repair: str) -> list[Verdict]:
    """Return the verdicts on a row that no other row speaks about."""
    if not readings:
        return [UNREADABLE] * width
    least = min(reading.broken for reading in readings)
    return merge([reading for reading in readings if reading.broken == least], width, repair)


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
    verdicts: dict[str, list[Verdict]], expected: Sequence[str], with_blanks: Set[str]
) -> dict[str, list[Verdict]]:
    """Fill the cells that an identity with no other unknown forces, and take back what then contradicts another.

    A nothing in a row with blank cells stays unreadable: it may be one of the blanks.
    """
    if not any(v.status == "unreadable" for row in verdicts.values() for v in row):
        return verdicts
    identities = _identities(verdicts, expected)
    whole = [
        terms for terms, _ in identities if all(verdicts[r][c].status != "unreadable" for r, c, _ in terms)
    ]
    if len(whole) < _EVIDENCE or any(_residue(verdicts, terms) for terms in whole):
        return verdicts
    filled: dict[tuple[str, int], Verdict] = {}
    changed = True
    while changed:
        changed = False
        for terms, repair in identities:
            unknown = [(row, c, w) for row, c, w in terms if verdicts[row][c].status == "unreadable"]
            if len(unknown) != 1:
                continue
            row, column, factor = unknown[0]
            value = -factor * sum(w * (verdicts[r][c].value or 0) for r, c, w in terms)
            if value > 0 or (value == 0 and row not in with_blanks):
                verdicts[row][column] = replace(
                    verdicts[row][column], status="repaired", value=value, repair=repair
                )
                filled[row, column] = verdicts[row][column]
                changed = True
    if any(_residue(verdicts, terms) for terms, _ in identities):
        for (row, column), before in filled.items():
            verdicts[row][column] = Verdict("unreadable", None, before.start, before.end)
    return verdicts


def _residue(verdicts: Mapping[str, Sequence[Verdict]], terms: Sequence[tuple[str, int, int]]) -> int:
    """By how much an identity fails, 0 while one of its cells is not known."""
    if any(verdicts[row][column].status == "unreadable" for row, column, _ in terms):
        return 0
    return sum(factor * (verdicts[row][column].value or 0) for row, column, factor in terms)


def _identities(
    verdicts: Mapping[str, Sequence[Verdict]], expected: Sequence[str]
) -> list[tuple[list[tuple[str, int, int]], str]]:
    found: list[tuple[list[tuple[str, int, int]], str]] = []
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
