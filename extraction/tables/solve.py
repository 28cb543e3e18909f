"""The accounting identities choose between the readings of damaged rows.

Nothing is guessed: where readings that satisfy the identities equally well differ, the cells they differ in are
unreadable.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from .grid import Atom
from .readings import Identities, Reading, all_readings, strip_blanks
from .verdicts import OUTCOME_WEIGHT, UNREADABLE, WIDTH, Verdict, merge, propagate, weight

APPLICATION_IDENTITIES: Identities = (((0, 1, 2, 3, 4, 5), 6),)
_MAX_CLASSES = 200
_MAX_STATES = 1500
_MAX_COMBINATIONS = 3000
_SYSTEMATIC = 5


@dataclass(frozen=True, slots=True)
class RowPrint:
    """What is printed in a row. ``direct`` is the reading by position, ``clean`` says that nothing is odd about it.

    ``shape`` is equal for rows printed alike; ``blanks_seen`` says that the layout shows blank cells.
    """

    name: str
    atoms: tuple[Atom, ...]
    direct: Reading | None
    clean: bool
    shape: str
    blanks_seen: bool


def solve_applications(rows: Mapping[str, RowPrint], expected: Sequence[str]) -> dict[str, list[Verdict]]:
    """Return the verdicts on the seven cells of each printed row; ``expected`` names the rows the table should have."""
    chosen = {name: row.direct for name, row in rows.items() if row.direct is not None}
    failing = _failing(chosen)
    doubtful = [
        n for n, r in rows.items() if n not in chosen or (not r.clean and _suspect(n, chosen, failing))
    ]
    feasible: dict[str, list[Reading]] = {name: [reading] for name, reading in chosen.items()}
    trusted: set[str] = set(chosen)
    if not _adds_up(rows):
        # Then only what every way to place the printed cells agrees on is told.
        for name in doubtful:
            row = rows[name]
            feasible.setdefault(name, all_readings(row.atoms, WIDTH, (), row.blanks_seen) or [])
        return {
            name: merge(feasible[name], WIDTH, "") if feasible[name] else [UNREADABLE] * WIDTH
            for name in rows
        }
    if doubtful:
        feasible, trusted = _weigh(rows, expected, doubtful, chosen)
    verdicts: dict[str, list[Verdict]] = {}
    for name in rows:
        readings = feasible.get(name, [])
        merged = (
            merge(readings, WIDTH, f"row total: applications.{name}") if readings else [UNREADABLE] * WIDTH
        )
        if name not in trusted:
            merged = [UNREADABLE if verdict.status == "repaired" else verdict for verdict in merged]
        verdicts[name] = merged
    blanks = {name for name, row in rows.items() if any(atom.kind == "blank" for atom in row.atoms)}
    return propagate(verdicts, expected, blanks)


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
) -> tuple[dict[str, list[Reading]], set[str]]:
    """Return each row's readings that the identities leave, and the rows whose repairs all identities confirm.

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
    certain = {name for name in options if name not in chosen or chosen[name].broken}
    for weighed in (certain, set(options)):
        fixed = {
            name: reading for name, reading in chosen.items() if name not in weighed and name not in lost
        }
        open_rows = {name: readings for name, readings in options.items() if name in weighed}
        active = _active(expected, rows, fixed, open_rows, lost)
        feasible = _exact(open_rows, _residual(fixed, active), active, fixed)
        if feasible is not None:
            _narrow(feasible, rows)
            return {name: [reading] for name, reading in fixed.items()} | feasible, set(rows)
    return _report_errs(rows, expected, options, lost, chosen)


def _options(row: RowPrint) -> list[Reading] | None:
    readings = all_readings(row.atoms, WIDTH, APPLICATION_IDENTITIES, row.blanks_seen)
    if readings is not None and row.direct is not None and row.direct not in readings:
        readings.append(row.direct)
    if not readings or len({reading.values for reading in readings}) > _MAX_CLASSES:
        return None
    return readings


def _report_errs(
    rows: Mapping[str, RowPrint],
    expected: Sequence[str],
    options: Mapping[str, list[Reading]],
    lost: Sequence[str],
    chosen: Mapping[str, Reading],
) -> tuple[dict[str, list[Reading]], set[str]]:
    """The readings when no choice of readings satisfies every identity.

    What stands in its place stays as printed, unless another reading of the row alone breaks fewer identities.
    """
    fixed = {name: reading for name, reading in chosen.items() if name not in lost}
    open_rows = {name: readings for name, readings in options.items() if name not in chosen}
    active = _active(expected, rows, fixed, open_rows, lost)
    feasible = _least_broken(open_rows, _residual(fixed, active), active, rows)
    for name in options.keys() & fixed.keys():
        others = {row: reading for row, reading in fixed.items() if row != name}
        start = _residual(others, active)
        broken = [_broken(name, reading, start, active) for reading in options[name]]
        mine = _broken(name, fixed[name], start, active)
        better = [reading for reading, count in zip(options[name], broken, strict=True) if count < mine]
        if better:
            feasible[name] = [fixed[name], *better]
    _narrow(feasible, rows)
    return {name: [reading] for name, reading in fixed.items()} | feasible, set(fixed) - feasible.keys()


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
        outcome * (values[i] or 0) if i < WIDTH else balance * (values[i - WIDTH] or 0) for i in active
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


def _least_broken(
    options: Mapping[str, Sequence[Reading]],
    start: tuple[int, ...],
    active: Sequence[int],
    rows: Mapping[str, RowPrint],
) -> dict[str, list[Reading]]:
    """The readings of the choices that break fewest identities, when every choice breaks one.

    Only for light damage: a report that adds up wrongly and prints a ruined row leaves too much open.
    """
    light = {name: readings for name, readings in options.items() if abs(len(rows[name].atoms) - WIDTH) <= 3}
    if len(light) < len(options):
        return {name: [] for name in options}
    names = list(options)
    classes = [list(_split_broken(name, options[name], active).items()) for name in names]
    count = 1
    for layer in classes:
        count *= len(layer)
    if not active or count > _MAX_COMBINATIONS:
        return {name: [] for name in options}
    best: int | None = None
    kept: dict[str, dict[int, list[Reading]]] = {}
    for choice in product(*(range(len(layer)) for layer in classes)):
        state = list(start)
        broken = 0
        for layer, pick in zip(classes, choice, strict=True):
            (own, step), _ = layer[pick]
            broken += own
            for i, amount in enumerate(step):
                state[i] += amount
        broken += sum(amount != 0 for amount in state)
        if best is None or broken < best:
            best, kept = broken, {name: {} for name in names}
        if broken == best:
            for name, layer, pick in zip(names, classes, choice, strict=True):
                kept[name][pick] = layer[pick][1]
    return {name: [r for readings in picks.values() for r in readings] for name, picks in kept.items()}


def _split_broken(
    name: str, readings: Sequence[Reading], active: Sequence[int]
) -> dict[tuple[int, tuple[int, ...]], list[Reading]]:
    classes: dict[tuple[int, tuple[int, ...]], list[Reading]] = defaultdict(list)
    for reading in readings:
        classes[reading.broken, _contribution(name, reading, active)].append(reading)
    return classes


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
