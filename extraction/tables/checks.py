"""The accounting identities of the statistics tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .cells import Cell
from .template import APPLICANTS, OUTCOMES, PROCEEDINGS, template

Outcome = Literal["pass", "fail", "not_assessable"]

_APPLICANT_NAMES = {
    "natural": "natural persons",
    "business": "commercial enterprises",
    "research": "research institutions",
    "welfare": "welfare organisations",
    "legal_service": "legal service bodies",
    "other_org": "other organisations",
    "total": "the total column",
}
# Rows that the form of 2019 does not have: absent, they count nothing.
_OPTIONAL = ("applications.other.no_correction.", "applications.other.fee_unpaid.")


@dataclass(frozen=True, slots=True)
class Check:
    """One identity evaluated on one report.

    ``id`` is stable across reports (``applications.balance.natural``). ``left`` and ``right`` are the two sides, None
    where a side cannot be known. ``cells`` are cell ids and ``facts`` indices into the record's facts.
    """

    id: str
    statement: str
    left: int | float | None
    right: int | float | None
    outcome: Outcome
    severity: Literal["error", "warning"] = "error"
    cells: tuple[str, ...] = ()
    facts: tuple[int, ...] = ()


def check_tables(cells: Sequence[Cell]) -> tuple[Check, ...]:
    """Return every identity inside the tables, evaluated on the cells of one report.

    A blank cell counts 0. An identity cannot be assessed when it joins an unreadable or absent cell, or blank cells
    only.
    """
    known = {cell.id: cell for cell in cells}
    rows = [row.name for row in template().applications]
    around = {"new", "carried_in", "total", "carried_out"}
    outcomes = [row for row in rows if row not in around]
    checks: list[Check] = []
    for column, name in _APPLICANT_NAMES.items():
        checks.append(
            _check(
                known,
                f"applications.balance.{column}",
                f"New and carried-in requests equal handled and carried-out requests ({name}).",
                _ids(("new", "carried_in"), column),
                _ids(("total", "carried_out"), column),
            )
        )
    for column, name in _APPLICANT_NAMES.items():
        checks.append(
            _check(
                known,
                f"applications.outcomes.{column}",
                f"The total of handled requests equals the sum of the outcomes ({name}).",
                _ids(("total",), column),
                _ids(outcomes, column),
            )
        )
    for row in rows:
        checks.append(
            _check(
                known,
                f"applications.row_total.{row}",
                f"The row's total equals the sum of its six kinds of applicant ({row}).",
                (f"applications.{row}.total",),
                tuple(f"applications.{row}.{column}" for column in APPLICANTS[:-1]),
            )
        )
    for row in PROCEEDINGS:
        checks.append(
            _check(
                known,
                f"proceedings.row_total.{row}",
                f"The total of proceedings equals the sum of their four outcomes ({row}).",
                (f"proceedings.{row}.total",),
                tuple(f"proceedings.{row}.{outcome}" for outcome in OUTCOMES[:-1]),
            )
        )
    return tuple(checks)


def _ids(rows: Sequence[str], column: str) -> tuple[str, ...]:
    return tuple(f"applications.{row}.{column}" for row in rows)


def _check(
    known: Mapping[str, Cell], check_id: str, statement: str, left: tuple[str, ...], right: tuple[str, ...]
) -> Check:
    sides = _side(known, left), _side(known, right)
    ids = (*left, *right)
    all_blank = all(known[i].status in {"blank", "absent"} for i in ids if i in known)
    if None in sides or all_blank:
        outcome: Outcome = "not_assessable"
    else:
        outcome = "pass" if sides[0] == sides[1] else "fail"
    return Check(check_id, statement, *sides, outcome, cells=ids)


def _side(known: Mapping[str, Cell], ids: Sequence[str]) -> int | float | None:
    total: int | float = 0
    for cell_id in ids:
        cell = known.get(cell_id)
        if cell is None or cell.status == "absent":
            if cell_id.startswith(_OPTIONAL):
                continue
            return None
        if cell.status == "unreadable":
            return None
        total += cell.value or 0
    return total
