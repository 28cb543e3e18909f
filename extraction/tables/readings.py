"""The ways in which the cells printed in a row may be the cells of the form.

A row that prints as many cells as the form has can be read in one way. Where a cell is missing, a number is split or
several are glued together, all ways to read the row are listed; `solve.py` lets the accounting identities choose.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from .grid import Atom

SlotKind = Literal["read", "blank", "debris", "missing", "joined", "split"]
Identities = tuple[tuple[tuple[int, ...], int], ...]

_MAX_READINGS = 1500


class Slot(NamedTuple):
    """A cell of the form under one reading: its value (None where not known or blank) and the printed span."""

    kind: SlotKind
    value: int | None
    start: int | None = None
    end: int | None = None


class Reading(NamedTuple):
    """One way to read a row. ``cost`` counts the repairs it needs; ``kind`` names the way, to compare rows by.

    ``values`` has 0 for a blank and None for what is not known; ``broken`` counts the row's own identities that it
    violates.
    """

    slots: tuple[Slot, ...]
    cost: int
    kind: str
    values: tuple[int | None, ...] = ()
    broken: int = 0


MISSING = Slot("missing", None)


def strip_blanks(atoms: Sequence[Atom]) -> tuple[int, Sequence[Atom], int]:
    """Return how many blanks lead and trail, and what lies between."""
    first, last = 0, len(atoms)
    while first < last and atoms[first].kind == "blank" and atoms[first].start == atoms[first].end:
        first += 1
    while last > first and atoms[last - 1].kind == "blank" and atoms[last - 1].start == atoms[last - 1].end:
        last -= 1
    return first, atoms[first:last], len(atoms) - last


def direct(
    atoms: Sequence[Atom], identities: Identities, cost: int = 0, kind: str = "direct"
) -> Reading | None:
    """Return the reading that takes each atom for one cell, None when a number cannot stand alone."""
    slots = direct_slots(atoms)
    return None if slots is None else _valued(slots, cost, kind, identities)


def all_readings(
    atoms: Sequence[Atom], width: int, identities: Identities, blanks_seen: bool
) -> list[Reading] | None:
    """Return every reading of a row's atoms as ``width`` cells, None when there are too many to weigh.

    ``blanks_seen`` says that the layout shows blank cells, so that cells may be blank beyond the line's end.
    """
    lead, core, trail = strip_blanks(atoms)
    found: list[Reading] = []
    for reading in _structures(lead, core, trail, width, blanks_seen):
        found.extend(_solve(reading, identities))
        if len(found) > _MAX_READINGS:
            return None
    return found


def _structures(
    lead: int, core: Sequence[Atom], trail: int, width: int, blanks_seen: bool
) -> Iterator[Reading]:
    numbers = [atom for atom in core if atom.kind == "number"]
    if (
        len(core) == 1
        and width > 1
        and core[0].kind == "number"
        and (core[0].glued or len(core[0].digits) >= width)
    ):
        yield from _unglued(core, width)
        if core[0].glued:
            return
    yield from _windows(lead, core, trail, width, blanks_seen)
    if len(core) < width:
        yield from _with_missing(lead, core, trail, width)
        if len(core) > 1 and any(len(atom.digits) > 1 for atom in numbers):
            yield from _unglued(core, width)
    for left in range(min(lead, width) + 1):
        for right in range(min(trail, width) + 1):
            if len(core) + left + right > width and len(core) + left + right <= width + 4 and numbers:
                yield from _joined(_blanks(left) + list(core) + _blanks(right), width)
    if len(core) == width + 1:
        yield from _without_one(core)


def _windows(lead: int, core: Sequence[Atom], trail: int, width: int, blanks_seen: bool) -> Iterator[Reading]:
    """Blank cells printed beside the values belong to the table or to its labels."""
    spare = width - len(core)
    if spare < 0:
        return
    for left in range(min(lead, spare) + 1):
        right = spare - left
        if right <= trail or blanks_seen:
            reading = direct_slots(_blanks(left) + list(core) + _blanks(right))
            if reading is not None:
                yield Reading(reading, 1, f"window{left}")


def _with_missing(lead: int, core: Sequence[Atom], trail: int, width: int) -> Iterator[Reading]:
    for left in range(lead + 1):
        for right in range(trail + 1):
            printed = direct_slots(_blanks(left) + list(core) + _blanks(right))
            if printed is None or len(printed) >= width:
                continue
            missing = width - len(printed)
            if missing > 3 and width > 7:
                continue
            for places in combinations(range(width), missing):
                slots = list(printed)
                for place in places:
                    slots.insert(place, MISSING)
                yield Reading(tuple(slots), missing, f"missing{left},{places}")


def _joined(atoms: list[Atom], width: int) -> Iterator[Reading]:
    """Neighbouring digits that are one number."""
    surplus = len(atoms) - width
    for sizes in _compositions(len(atoms), width):
        slots: list[Slot] = []
        place = 0
        for size in sizes:
            group = atoms[place : place + size]
            place += size
            slot = _slot(group[0]) if size == 1 else _join(group)
            if slot is None:
                break
            slots.append(slot)
        else:
            yield Reading(tuple(slots), surplus, f"joined{sizes}")


def _without_one(atoms: Sequence[Atom]) -> Iterator[Reading]:
    """A number too many that does not belong to the row."""
    for out in range(len(atoms)):
        slots = direct_slots([*atoms[:out], *atoms[out + 1 :]])
        if slots is not None and atoms[out].kind != "blank":
            yield Reading(slots, 1, f"dropped{out}")


def _join(group: Sequence[Atom]) -> Slot | None:
    if any(atom.kind != "number" or atom.glued for atom in group) or group[0].digits[0] == "0":
        return None
    digits = "".join(atom.digits for atom in group)
    return Slot("joined", int(digits), group[0].start, group[-1].end) if digits.isdigit() else None


def _unglued(atoms: Sequence[Atom], width: int) -> Iterator[Reading]:
    """Numbers printed without a gap, cut so that the row has its cells; each has its digits, none begins with 0."""
    spare = width - len(atoms)
    rooms = [len(atom.digits) - 1 if atom.digits.isdigit() and atom.sign > 0 else 0 for atom in atoms]
    if sum(rooms) < spare or sum(rooms) > spare + 6:
        return
    for pieces in _distributions(rooms, spare):
        for slots in _cuts(atoms, pieces):
            cost = 0 if sum(rooms) == spare and len(atoms) == 1 and atoms[0].glued else 1
            yield Reading(slots, cost, f"split{pieces}")


def _cuts(atoms: Sequence[Atom], extra: tuple[int, ...]) -> Iterator[tuple[Slot, ...]]:
    if not atoms:
        yield ()
        return
    for head in _cut(atoms[0], extra[0] + 1):
        for tail in _cuts(atoms[1:], extra[1:]):
            yield head + tail


def _cut(atom: Atom, count: int) -> Iterator[tuple[Slot, ...]]:
    if count == 1:
        slot = _slot(atom)
        if slot is not None:
            yield (slot,)
        return
    digits = atom.digits
    spans_known = atom.end - atom.start == len(digits)
    for sizes in _compositions(len(digits), count):
        slots: list[Slot] = []
        place = 0
        for size in sizes:
            piece = digits[place : place + size]
            if size > 1 and piece[0] == "0":
                break
            start = atom.start + place if spans_known else atom.start
            slots.append(Slot("split", int(piece), start, start + size if spans_known else atom.end))
            place += size
        else:
            yield tuple(slots)


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    for marks in combinations(range(1, total), parts - 1):
        bounds = (0, *marks, total)
        yield tuple(bounds[i + 1] - bounds[i] for i in range(parts))


def _distributions(rooms: list[int], spare: int) -> Iterator[tuple[int, ...]]:
    if not rooms:
        if spare == 0:
            yield ()
        return
    for take in range(min(rooms[0], spare) + 1):
        for rest in _distributions(rooms[1:], spare - take):
            yield (take, *rest)


def _blanks(count: int) -> list[Atom]:
    return [Atom("blank", -1, -1, 0)] * count


def direct_slots(atoms: Sequence[Atom]) -> tuple[Slot, ...] | None:
    """Return one slot for each atom, None when a number cannot stand alone."""
    slots: list[Slot] = []
    for atom in atoms:
        slot = _slot(atom)
        if slot is None:
            return None
        slots.append(slot)
    return tuple(slots)


def _slot(atom: Atom) -> Slot | None:
    start, end = (None, None) if atom.start < 0 else (atom.start, atom.end)
    if atom.kind == "blank":
        return Slot("blank", None, start, end)
    digits = atom.digits
    if atom.kind == "debris" or not digits.isdigit() or atom.sign < 0:
        return Slot("debris", None, start, end)
    if len(digits) > 1 and digits[0] == "0":
        return None
    return Slot("read", int(digits) * atom.scale, start, end)


def _valued(slots: tuple[Slot, ...], cost: int, kind: str, identities: Identities) -> Reading:
    values = tuple([0 if slot.kind == "blank" else slot.value for slot in slots])
    broken = 0
    for parts, total in identities:
        known = values[total]
        for i in parts:
            value = values[i]
            if value is None or known is None:
                break
            known -= value
        else:
            broken += bool(known)
    return Reading(slots, cost, kind, values, broken)


def _solve(reading: Reading, identities: Identities) -> Iterator[Reading]:
    """Fill what a reading leaves open from the row's identities, at most one cell of which was not nothing."""
    slots = reading.slots
    open_places = {i for i, slot in enumerate(slots) if slot.value is None and slot.kind != "blank"}
    choices: list[list[dict[int, int]]] = []
    for parts, total in identities if open_places else ():
        choice = _fill(reading, [i for i in (*parts, total) if i in open_places], parts, total)
        if choice is None:
            return
        choices.append(choice)
    fills: list[dict[int, int]] = [{}]
    for choice in choices:
        fills = [fill | more for fill in fills for more in choice]
    for fill in fills:
        filled = list(slots)
        for i, value in fill.items():
            filled[i] = Slot(slots[i].kind, value, slots[i].start, slots[i].end)
        yield _valued(tuple(filled), reading.cost, reading.kind, identities)


def _fill(
    reading: Reading, places: list[int], parts: tuple[int, ...], total: int
) -> list[dict[int, int]] | None:
    """The ways to fill the open places of one identity; None when it cannot hold."""
    if not places:
        return [{}]
    debris = sum(reading.slots[i].kind == "debris" for i in places)
    if debris > 1 or (debris and len(places) > 1):
        return [{}]  # left for the columns to tell
    known = 0
    for i in parts:
        if i not in places:
            known += reading.slots[i].value or 0
    if total in places:
        return [{i: known if i == total else 0 for i in places}]
    rest = (reading.slots[total].value or 0) - known
    if rest < 0:
        return None
    if rest == 0:
        return [dict.fromkeys(places, 0)]
    return [{i: rest if i == chosen else 0 for i in places} for chosen in places]
