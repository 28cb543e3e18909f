"""Whether a report agrees with itself: its told figures with its tables, its totals with their parts.

Only what is certain is called a failure. A side that is missing, damaged or open to another reading makes a check
not assessable.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import Any

from ..annotations.knowledge import read_knowledge
from .narrative.facts import Fact
from .tables.cells import Cell
from .tables.checks import Check, Outcome

_Numbered = tuple[int, Fact]
_REACH = 30
_BETWEEN_SENTENCES = 2
_BESIDE = 4
# What is told contradicts a table only where its reading is fairly sure.
_SURE = 0.7
# Told as percentages of what the text need not print.
_RATES = frozenset({"disclosure_rate", "reply_rate", "service_rate", "other"})


@dataclass(frozen=True, slots=True)
class _Wording:
    """What `consistency.yaml` holds."""

    told: Mapping[str, Sequence[Sequence[str]]]
    tolerance: Mapping[str, tuple[float, float]]


def told_checks(facts: Sequence[Fact], cells: Mapping[str, Cell]) -> tuple[Check, ...]:
    """Check a report's facts against its cells and against each other.

    ``facts`` are in the order of the text; ``Check.facts`` are indices into them. Ids are unique within a report
    and stable across reports: ``told.<metric>`` (``told.<metric>.2`` for the second such figure),
    ``parts.<metric>.<n>``, ``share.<n>``, ``growth.<n>``.
    """
    return (*_against_tables(facts, cells), *_against_parts(facts), *_shares(facts), *_growths(facts))


@cache
def _wording() -> _Wording:
    raw: dict[str, Any] = read_knowledge(__file__, "consistency.yaml")
    tolerance = {hedge: (float(below), float(above)) for hedge, (below, above) in raw["tolerance"].items()}
    return _Wording(told=raw["told"], tolerance=tolerance)


# -- tables


def _against_tables(facts: Sequence[Fact], cells: Mapping[str, Cell]) -> Iterator[Check]:
    """A figure told in the narrative = the same figure in a table."""
    seen: Counter[str] = Counter()
    for index, fact in enumerate(facts):
        ways = _wording().told.get(fact.metric)
        if ways is None or not _is_whole_figure(fact):
            continue
        seen[fact.metric] += 1
        ordinal = f".{seen[fact.metric]}" if seen[fact.metric] > 1 else ""
        counted = _net_of(facts, index) or (index, fact)
        yield _told_check(f"told.{fact.metric}{ordinal}", *counted, ways, cells)


def _net_of(facts: Sequence[Fact], index: int) -> _Numbered | None:
    """The requests that were left of those received, where the sentence tells how many were withdrawn.

    Tables count the net intake, narratives often the gross one first.
    """
    gross = facts[index]
    behind = [
        (i, fact)
        for i, fact in enumerate(facts[index + 1 : index + 1 + _REACH], index + 1)
        if fact.sentence_start == gross.sentence_start and fact.role in ("part", "total")
    ]
    withdrawn = sum(fact.value for _, fact in behind if fact.metric == "applications_withdrawn")
    if gross.metric != "applications_received" or not withdrawn:
        return None
    net = gross.value - withdrawn
    return next(((i, f) for i, f in behind if f.metric == gross.metric and f.value == net), None)


def _is_whole_figure(fact: Fact) -> bool:
    """Whether a fact tells this year's figure of the reporting body itself, undivided."""
    return (
        fact.role == "total"
        and fact.scope == "own"
        and fact.period in ("year", "snapshot")
        and fact.channel is None
        and fact.subject is None
        and fact.unit != "%"
        and fact.confidence >= _SURE
    )


def _told_check(
    name: str, index: int, fact: Fact, ways: Sequence[Sequence[str]], cells: Mapping[str, Cell]
) -> Check:
    known = [(way, total) for way in ways if (total := _cell_sum(way, cells, fact.value)) is not None]
    agreeing = [(way, total) for way, total in known if _agree(fact, total)]
    way, right = (agreeing or known or [(ways[0], None)])[0]
    # Where one reading of the text cannot be compared, the others cannot refute it.
    readable = len(known) == len([way for way in ways if any(_is_present(cells, cell) for cell in way)])
    outcome: Outcome = "pass" if agreeing else "fail" if known and readable else "not_assessable"
    return Check(
        id=name,
        statement=f"told {fact.metric} = {' + '.join(way)}",
        left=fact.value,
        right=right,
        outcome=outcome,
        severity="error" if fact.hedge == "exact" else "warning",
        cells=tuple(way),
        facts=(index,),
    )


def _is_present(cells: Mapping[str, Cell], cell: str) -> bool:
    return cell in cells and cells[cell].status != "absent"


def _cell_sum(way: Sequence[str], cells: Mapping[str, Cell], told: float) -> int | float | None:
    """The sum of cells, None where one is not known. A blank one is a zero only to a told zero."""
    total: int | float = 0
    for name in way:
        cell = cells.get(name)
        if cell is None:
            return None
        if cell.status == "blank" and told == 0:
            continue
        if cell.value is None:
            return None
        total += cell.value
    return total


def _agree(fact: Fact, value: float) -> bool:
    """Whether a figure, hedged or not, may stand for an exact value."""
    if fact.hedge == "exact":
        return fact.value == value
    below, above = _wording().tolerance[fact.hedge]
    return fact.value * (1 - below) <= value <= fact.value * (1 + above)


# -- parts


def _against_parts(facts: Sequence[Fact]) -> Iterator[Check]:
    """A printed total = the sum of the parts printed right behind it."""
    seen: Counter[str] = Counter()
    for total, parts in _breakdowns(facts):
        index, whole = total
        seen[whole.metric] += 1
        exact = all(fact.hedge == "exact" for _, fact in (total, *parts))
        sums = list(accumulate(fact.value for _, fact in parts))
        yield Check(
            id=f"parts.{whole.metric}.{seen[whole.metric]}",
            statement=f"{whole.metric} = sum of its {len(parts)} parts",
            left=whole.value,
            right=sums[-1],
            outcome=_parts_outcome(whole.value, sums, exact and not _is_shared(facts, index, sums[-1])),
            severity="warning",
            facts=(index, *(i for i, _ in parts)),
        )


def _breakdowns(facts: Sequence[Fact]) -> Iterator[tuple[_Numbered, list[_Numbered]]]:
    """Totals with at least two parts of the same metric behind them."""
    total: _Numbered | None = None
    parts: list[_Numbered] = []
    for index, fact in enumerate(facts):
        if total is not None and fact.role == "part" and _follows(fact, total[1]):
            if fact.metric == total[1].metric and fact.unit == total[1].unit:
                parts.append((index, fact))
            continue
        if fact.role in ("share", "change", "prior"):
            continue
        if total is not None and len(parts) > 1:
            yield total, parts
        total, parts = (index, fact) if fact.role == "total" else None, []
    if total is not None and len(parts) > 1:
        yield total, parts


def _follows(part: Fact, total: Fact) -> bool:
    """Whether a part stands in its total's sentence or in the next ("其中，…")."""
    return part.sentence_start == total.sentence_start or (
        0 <= part.sentence_start - total.sentence_end <= _BETWEEN_SENTENCES
    )


def _is_shared(facts: Sequence[Fact], index: int, parts: float) -> bool:
    """Whether the parts are those of several totals told side by side ("建议47件、提案61件,其中…")."""
    whole = facts[index]
    together = whole.value
    for other in facts[max(0, index - _BESIDE) : index][::-1]:
        if other.sentence_start != whole.sentence_start or other.role != "total" or other.unit != whole.unit:
            break
        together += other.value
        if together == parts:
            return True
    return False


def _parts_outcome(total: float, sums: Sequence[float], exact: bool) -> Outcome:
    """Parts may be highlights only, or the last of them parts of a part: that is no failure."""
    if sums[-1] == total:
        return "pass"
    if not exact or sums[-1] < total or total in sums or (total and sums[-1] % total == 0):
        return "not_assessable"
    return "fail"


# -- shares and growth


def _shares(facts: Sequence[Fact]) -> Iterator[Check]:
    """A printed share = its part by a total printed before it."""
    seen = 0
    for index, fact in enumerate(facts):
        if fact.role != "share" or fact.metric in _RATES:
            continue
        seen += 1
        part = _nearest(facts, index, fact, ("part", "total"))
        totals = _denominators(facts, index, part)
        fitting = [t for t in totals if part and _rounds_to(part[1].value / t[1].value, fact.value)]
        total = (fitting or totals or [None])[0]
        right = part[1].value / total[1].value if part and total else None
        # With several figures in reach nobody can say which one the share is of.
        outcome: Outcome = "pass" if fitting else "fail" if len(totals) == 1 else "not_assessable"
        yield Check(
            id=f"share.{seen}",
            statement=f"share of {fact.metric} = part / total",
            left=fact.value,
            right=right,
            outcome=outcome,
            severity="warning",
            facts=(index, *(i for i, _ in filter(None, (part, total)))),
        )


def _denominators(facts: Sequence[Fact], index: int, part: _Numbered | None) -> list[_Numbered]:
    """The exact totals before a share in its section that its part may be a part of, nearest first."""
    if part is None or part[1].hedge != "exact":
        return []
    return [
        (i, other)
        for i in range(index - 1, max(-1, index - 1 - _REACH), -1)
        if i != part[0]
        and (other := facts[i]).section == part[1].section
        and (other.role == "total" or _is_undivided(other, part[1]))
        and other.hedge == "exact"
        and other.unit == part[1].unit
        and other.value >= part[1].value
        and other.value > 0
    ]


def _is_undivided(other: Fact, part: Fact) -> bool:
    """Whether a part of a larger figure may itself be the whole of ``part`` ("其中新收163件")."""
    return (other.role, other.metric, other.channel, other.subject) == ("part", part.metric, None, None)


def _growths(facts: Sequence[Fact]) -> Iterator[Check]:
    """A printed growth = what this year's and the earlier figure give."""
    seen = 0
    for index, fact in enumerate(facts):
        if fact.role != "change":
            continue
        seen += 1
        now = _nearest(facts, index, fact, ("total", "part"))
        before = _nearest(facts, index, fact, ("prior",))
        right: float | None = None
        outcome: Outcome = "not_assessable"
        if now and before and before[1].value and now[1].hedge == before[1].hedge == "exact":
            right = now[1].value - before[1].value
            if fact.unit == "%":
                right /= before[1].value
                outcome = "pass" if _rounds_to(right, fact.value) else "fail"
            else:
                outcome = "pass" if right == fact.value else "fail"
        yield Check(
            id=f"growth.{seen}",
            statement=f"growth of {fact.metric} = this year's figure against the earlier one",
            left=fact.value,
            right=right,
            outcome=outcome,
            severity="warning",
            facts=(index, *(i for i, _ in filter(None, (now, before)))),
        )


def _nearest(facts: Sequence[Fact], index: int, fact: Fact, roles: tuple[str, ...]) -> _Numbered | None:
    """The nearest fact of the same metric and channel in the sentence, those before it first."""
    same: list[_Numbered] = []
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(facts) and abs(at - index) <= _REACH:
            if facts[at].sentence_start != fact.sentence_start:
                break
            other = facts[at]
            if (other.metric, other.channel) == (fact.metric, fact.channel) and other.role in roles:
                same.append((at, other))
                break
            at += step
    return same[0] if same else None


def _rounds_to(value: float, printed: float) -> bool:
    """Whether a ratio, rounded or cut off, may be printed as this percentage."""
    exponent = (Decimal(str(printed)) * 100).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return abs(value - printed) * 100 < 10**-decimals
