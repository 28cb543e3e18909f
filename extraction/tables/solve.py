"""The accounting identities choose between the readings of damaged rows.

Nothing is guessed: where readings that satisfy the identities equally well differ, the cells they differ in are
unreadable.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .grid import Atom
from .readings import Identities, Reading, all_readings, strip_blanks
from .verdicts import OUTCOME_WEIGHT, UNREADABLE, WIDTH, Verdict, merge, propagate, solve_alone, weight

APPLICATION_IDENTITIES: Identities = (((0, 1, 2, 3, 4, 5), 6),)
_MAX_CLASSES = 200
_MAX_STATES = 1500
_SYSTEMATIC = 5
_MANY = 2


@dataclass(frozen=True, slots=True)
class RowPrint:
    """What is printed in a row. ``direct`` is the reading by position, ``clean`` says that nothing is odd about it.

    ``placed`` says that the values stand in the columns of most rows' values, ``clean`` or not. ``shape`` is equal for rows printed alike; ``blanks_seen`` says that the layout shows blank cells.
    """

    name: str
    atoms: tuple[Atom, ...]
    direct: Reading | None
    clean: bool
    placed: bool
    shape: str
    blanks_seen: bool


def solve_applications(rows: Mapping[str, RowPrint], expected: Sequence[str]) -> dict[str, list[Verdict]]:
    """Return the verdicts on the seven cells of each printed row; ``expected`` names the rows the table should have."""
    chosen = {name: row.direct for name, row in rows.items() if row.direct is not None}
    failing = _failing(chosen)
    doubtful = [
        n for n, r in rows.items() if n not in chosen or (not r.clean and _suspect(n, chosen, failing))
    ]
    told = {
        name: merge([reading], WIDTH, f"row total: applications.{name}") for name, reading in chosen.items()
    }
    adds_up = _adds_up(rows)
    if doubtful:
        weighed = _weigh(rows, expected, doubtful, chosen) if adds_up else None
        told |= weighed or _as_printed(rows, doubtful, chosen, expected if adds_up else ())
    if not adds_up:
        return {name: told[name] for name in rows}
    blanks = {name for name, row in rows.items() if any(atom.kind == "blank" for atom in row.atoms)}
    return propagate({name: told[name] for name in rows}, expected, blanks, lambda name: _any_way(rows[name]))


def _adds_up(rows: Mapping[str, RowPrint]) -> bool:
    """Whether the identities can be relied on: most rows of seven cells that print more than zeros satisfy theirs."""
    clean = [row.direct for row in rows.values() if row.direct is not None and any(row.direct.values)]
    broken = sum(reading.broken for reading in clean)
    return 3 * broken <= len(clean)


def _failing(chosen: Mapping[str, Reading]) -> list[bool]:
    """Whether an outcome identity, and whether a balance identity, fails when every row is read by position."""
    residual = [0] * (2 * WIDTH)
    for name, reading in chosen.items():
        outcome, balance = weight(name)
        for column, value in enumerate(reading.values):
            if value:
                residual[column] += outcome * value
                residual[WIDTH + column] += balance * value
    return [any(residual[:WIDTH]), any(residual[WIDTH:])]


def _suspect(name: str, chosen: Mapping[str, Reading], failing: Sequence[bool]) -> bool:
    """Whether the readings by position, this row's among them, break an identity that the row takes part in."""
    return chosen[name].broken > 0 or any(w and fails for w, fails in zip(weight(name), failing, strict=True))


def _weigh(
    rows: Mapping[str, RowPrint],
    expected: Sequence[str],
    doubtful: Sequence[str],
    chosen: Mapping[str, Reading],
) -> dict[str, list[Verdict]] | None:
    """Return what the identities leave of the doubtful rows' readings; None when the report itself adds up wrongly.

    First the rows that cannot be as printed are weighed, then all that look odd.
    """
    options: dict[str, list[Reading]] = {}
    lost: list[str] = []
    for name in doubtful:
        readings = _options(rows[name])
        if readings is None:
            lost.append(name)
        else:
            options[name] = readings
    short = _short(rows, doubtful)
    certain = {name for name in options if name not in chosen or chosen[name].broken or name in short}
    for weighed in (certain, set(options)):
        fixed = {
            name: reading for name, reading in chosen.items() if name not in weighed and name not in lost
        }
        open_rows = {name: readings for name, readings in options.items() if name in weighed}
        kinds = [any(weight(name)[kind] for name in open_rows) for kind in (0, 1)]
        if any(_in(kinds, name) and reading.broken for name, reading in fixed.items()):
            continue
        active = [i for i in _active(expected, rows, fixed, open_rows, lost) if kinds[i >= WIDTH]]
        feasible = _exact(open_rows, _residual(fixed, active), active, fixed)
        if feasible is not None:
            _narrow(feasible, rows)
            told = {name: _tell(rows[name], readings, active) for name, readings in feasible.items()}
            return told | {name: [UNREADABLE] * WIDTH for name in lost}
    return None


def _in(kinds: Sequence[bool], name: str) -> bool:
    """Whether a row takes part in identities of these kinds."""
    return any(weight(name)[kind] for kind in (0, 1) if kinds[kind])


def _tell(row: RowPrint, readings: Sequence[Reading], active: Sequence[int]) -> list[Verdict]:
    """What the readings that all identities allow say of a row; what is filled in needs its column beside its row."""
    outcome, balance = weight(row.name)
    confirmed = {i % WIDTH for i in active if (outcome if i < WIDTH else balance)}
    repair = f"row total: applications.{row.name}"
    if row.atoms and not any(any(reading.values) for reading in readings):
        return merge(readings, WIDTH, repair)  # a total of nothing leaves no other way
    told = (
        merge(readings, WIDTH, repair)
        if confirmed
        else solve_alone(readings, lambda: _any_way(row), WIDTH, repair)
    )
    return [
        Verdict("unreadable", None, verdict.start, verdict.end)
        if verdict.status == "repaired" and column not in confirmed
        else verdict
        for column, verdict in enumerate(told)
    ]


def _any_way(row: RowPrint) -> list[Reading] | None:
    """Every way to place a row's cells, whatever they add up to."""
    return all_readings(row.atoms, WIDTH, (), row.blanks_seen)


def _as_printed(
    rows: Mapping[str, RowPrint],
    doubtful: Sequence[str],
    chosen: Mapping[str, Reading],
    expected: Sequence[str],
) -> dict[str, list[Verdict]]:
    """What every way to place the printed cells agrees on, where the identities cannot be relied on.

    What stands in its place stays as printed, unless another reading of the row alone breaks fewer of the identities
    that ``expected`` rows make (none are looked at when it is empty).
    """
    told: dict[str, list[Verdict]] = {}
    active = _active(expected, rows, chosen, {}, [name for name in rows if name not in chosen])
    short = _short(rows, doubtful)
    for name in doubtful:
        unwitnessed = expected and not any(weight(name)[i >= WIDTH] for i in active)
        if not rows[name].placed or name in short or unwitnessed:
            told[name] = solve_alone(None, lambda name=name: _any_way(rows[name]), WIDTH, "")
            continue
        if not expected:
            continue
        others = {row: reading for row, reading in chosen.items() if row != name}
        start = _residual(others, active)
        mine = _broken(name, chosen[name], start, active)
        better = [r for r in _options(rows[name]) or () if _broken(name, r, start, active) < mine]
        told[name] = merge([chosen[name], *better], WIDTH, "")
    return told


def _short(rows: Mapping[str, RowPrint], doubtful: Sequence[str]) -> list[str]:
    """The rows that lack cells, if several lack one alike: it may be the print's doing, and a blank beside no cell."""
    cells = {name: len(strip_blanks(rows[name].atoms)[1]) for name in doubtful}
    alike = sum(count == WIDTH - 1 for count in cells.values())
    return [name for name, count in cells.items() if 0 < count < WIDTH] if alike >= _MANY else []


def _options(row: RowPrint) -> list[Reading] | None:
    readings = all_readings(row.atoms, WIDTH, APPLICATION_IDENTITIES, row.blanks_seen)
    if readings is not None and row.direct is not None and row.direct not in readings:
        readings.append(row.direct)
    if not readings or len({reading.values for reading in readings}) > _MAX_CLASSES:
        return None
    return readings


def _broken(name: str, reading: Reading, start: tuple[int, ...], active: Sequence[int]) -> int:
    step = _contribution(name, reading, active)
    return reading.broken + sum(a + b != 0 for a, b in zip(start, step, strict=True))


def _active(
    expected: Sequence[str],
    rows: Mapping[str, RowPrint],
    fixed: Mapping[str, Reading],
    options: Mapping[str, Sequence[Reading]],
    lost: Sequence[str],
) -> list[int]:
    """The column identities (outcome 0-6, balance 7-13) all of whose cells are known or being weighed."""
    dead: set[int] = set()
    for name in expected:
        outcome, balance = weight(name)
        if name not in rows or name in lost:
            unknown = set(range(WIDTH))
        else:
            readings = [fixed[name]] if name in fixed else options[name]
            unknown = {c for reading in readings for c in range(WIDTH) if reading.values[c] is None}
        dead.update(c for c in unknown if outcome)
        dead.update(WIDTH + c for c in unknown if balance)
    return [i for i in range(2 * WIDTH) if i not in dead]


def _contribution(name: str, reading: Reading, active: Sequence[int]) -> tuple[int, ...]:
    outcome, balance = weight(name)
    values = reading.values
    return tuple(
        [outcome * (values[i] or 0) if i < WIDTH else balance * (values[i - WIDTH] or 0) for i in active]
    )


def _residual(fixed: Mapping[str, Reading], active: Sequence[int]) -> tuple[int, ...]:
    total = [0] * len(active)
    for name, reading in fixed.items():
        for i, amount in enumerate(_contribution(name, reading, active)):
            total[i] += amount
    return tuple(total)


def _classes(
    name: str, readings: Sequence[Reading], active: Sequence[int]
) -> dict[tuple[int, ...], list[Reading]]:
    classes: dict[tuple[int, ...], list[Reading]] = defaultdict(list)
    for reading in readings:
        classes[_contribution(name, reading, active)].append(reading)
    return classes


def _exact(
    options: Mapping[str, Sequence[Reading]],
    start: tuple[int, ...],
    active: Sequence[int],
    fixed: Mapping[str, Reading],
) -> dict[str, list[Reading]] | None:
    """Every reading that belongs to a choice breaking no identity; None when there is no such choice."""
    names = list(options)
    layers: list[dict[tuple[int, ...], list[Reading]]] = []
    for name in names:
        sound = [reading for reading in options[name] if not reading.broken]
        classes = _classes(name, sound, active)
        if "total" in fixed:
            classes = {v: r for v, r in classes.items() if _within(v, name, fixed["total"], active)}
        if not classes:
            return None
        layers.append(classes)
    forward: list[set[tuple[int, ...]]] = [{start}]
    for classes in layers:
        states = {tuple(map(int.__add__, state, step)) for state in forward[-1] for step in classes}
        if len(states) > _MAX_STATES:
            return None
        forward.append(states)
    goal = (0,) * len(active)
    if goal not in forward[-1]:
        return None
    alive = {goal}
    feasible: dict[str, list[Reading]] = {}
    for i in range(len(names) - 1, -1, -1):
        before: set[tuple[int, ...]] = set()
        kept: list[Reading] = []
        for step, readings in layers[i].items():
            origins = {tuple(map(int.__sub__, state, step)) for state in alive} & forward[i]
            if origins:
                kept.extend(readings)
                before |= origins
        feasible[names[i]] = kept
        alive = before
    return feasible


def _within(step: tuple[int, ...], name: str, total: Reading, active: Sequence[int]) -> bool:
    """No outcome is larger than the total of its column."""
    if weight(name) != OUTCOME_WEIGHT:
        return True
    return all(step[i] <= (total.values[c] or 0) for i, c in enumerate(active) if c < WIDTH)


def _narrow(feasible: dict[str, list[Reading]], rows: Mapping[str, RowPrint]) -> None:
    """Read rows one cell short in one way where many are short alike; then prefer the readings with fewest repairs."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, readings in feasible.items():
        lead, core, trail = strip_blanks(rows[name].atoms)
        if readings and lead + trail and len(core) == WIDTH - 1:
            groups[rows[name].shape].append(name)
    for names in groups.values():
        if len(names) >= _SYSTEMATIC:
            kinds = [{reading.kind for reading in feasible[name]} for name in names]
            shared = {kind for kind in kinds[0] if all(kind in others for others in kinds)}
            if shared:
                for name in names:
                    feasible[name] = [reading for reading in feasible[name] if reading.kind in shared]
    for name, readings in feasible.items():
        if readings and len({reading.values for reading in readings}) == 1:
            feasible[name] = _cheapest(readings)


def _cheapest(readings: Sequence[Reading]) -> list[Reading]:
    least = min(reading.cost for reading in readings)
    return [reading for reading in readings if reading.cost == least]
