"""What a person decided on pairs of agencies, that they are one or two, and the file it is told in.

A decision names both agencies by their ids. An id may change when later reports tell more of a place, so a decision
also holds one report of each side, by which its agency is found again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..extraction.readers.text import decode
from .agencies import Agency
from .knowledge import panel_knowledge

Verdict = Literal["same", "different", "undecided"]
Outcome = Literal["joined", "kept apart", "one agency by the rules", "agency not here"]
_REPORT = 12
"""Characters of a report's id that a decision holds."""
_WORKBOOK = b"PK\x03\x04"


class DecisionsError(Exception):
    """A file of decisions cannot be taken as it is; the message names file and line and says what to do."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on two agencies, in the order of their ids; ``undecided`` takes one back.

    ``report`` and ``other_report`` are the beginning of the id of a report of either.
    """

    agency_id: str
    other_id: str
    decision: Verdict
    report: str = ""
    other_report: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision, the agencies it was found to be about, and what came of it."""

    decision: Decision
    pair: tuple[Agency, Agency] | None
    outcome: Outcome


def report_of(agency: Agency) -> str:
    """Return what stands for an agency's earliest report in a decision."""
    return f"#{agency.mentions[0].report_id[:_REPORT]}"


def read_decisions(path: Path) -> list[Decision]:
    """Read a file of decisions: CSV under Chinese or English heads, as Excel saves it in any encoding.

    Rows without a decision say nothing. Raises `DecisionsError`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DecisionsError(f"{path}: cannot be read: {error.strerror}") from None
    if content.startswith(_WORKBOOK):
        raise DecisionsError(f"{path}: an Excel workbook; save its sheet as CSV and give that")
    lines = decode(content).lstrip("\ufeff").splitlines(keepends=True)
    head = lines[0] if lines else ""
    rows = csv.reader(lines, delimiter=max(",;\t", key=head.count))
    first: list[str] = next(rows, None) or []
    columns = list(map(_column, first))
    missing = [name for name in ("decision", "agency_id", "other_id") if name not in columns]
    if missing:
        names = "、".join(_heads()[name] for name in missing)
        raise DecisionsError(
            f"{path}: no column {names} in its first line; take decisions.csv and fill it in"
        )
    told = (
        (rows.line_num, dict(zip(columns, map(str.strip, row), strict=False))) for row in rows if any(row)
    )
    return list(_decisions(path, told))


def _decisions(path: Path, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Decision]:
    words: dict[str, Verdict] = panel_knowledge()["decisions"]["words"]
    for line, row in rows:
        word = row.get("decision", "")
        if not word:
            continue
        one, other = row.get("agency_id", ""), row.get("other_id", "")
        if word not in words:
            raise DecisionsError(f"{path}, line {line}: {word!r} is no decision; write {'、'.join(words)}")
        if not one or not other or one == other:
            raise DecisionsError(f"{path}, line {line}: a decision needs the ids of two agencies")
        report, other_report = row.get("report", ""), row.get("other_report", "")
        if other < one:
            one, other, report, other_report = other, one, other_report, report
        yield Decision(one, other, words[word], report, other_report, row.get("note", ""))


def settle(agencies: Sequence[Agency], decisions: Iterable[Decision]) -> list[Settled]:
    """Return the decisions that hold, each with the agencies it is about: of several on one pair the last.

    Raises `DecisionsError` where they contradict each other.
    """
    by_id = {agency.id: agency for agency in agencies}
    by_report = {f"#{m.report_id[:_REPORT]}": agency for agency in agencies for m in agency.mentions}
    last: dict[tuple[str, str], Settled] = {}
    for decision in decisions:
        sides = (
            by_id.get(decision.agency_id) or by_report.get(decision.report),
            by_id.get(decision.other_id) or by_report.get(decision.other_report),
        )
        settled = _settled(decision, *sides)
        key = (settled.decision.agency_id, settled.decision.other_id)
        last.pop(key, None)
        last[key] = settled
    held = [one for one in last.values() if one.decision.decision != "undecided"]
    _refuse_contradictions(held)
    return sorted(held, key=lambda one: (one.decision.agency_id, one.decision.other_id))


def _settled(decision: Decision, one: Agency | None, other: Agency | None) -> Settled:
    """A decision under the present ids of its agencies."""
    if one is None or other is None:
        return Settled(decision, None, "agency not here")
    if one.id == other.id:
        return Settled(decision, None, "one agency by the rules")
    outcome: Outcome = "joined" if decision.decision == "same" else "kept apart"
    one, other = sorted((one, other), key=lambda agency: agency.id)
    decision = replace(
        decision,
        agency_id=one.id,
        other_id=other.id,
        report=report_of(one),
        other_report=report_of(other),
    )
    return Settled(decision, (one, other), outcome)


def _refuse_contradictions(held: Iterable[Settled]) -> None:
    group = _groups(held)
    for one in held:
        if one.outcome == "kept apart" and one.pair and len({_root(group, a.id) for a in one.pair}) == 1:
            names = " and ".join(f"{agency.name} ({agency.id})" for agency in one.pair)
            raise DecisionsError(
                f"the decisions contradict each other: {names} are told to be different, but others join them; "
                "change one of them in the file and run this again"
            )


def join(agencies: Sequence[Agency], held: Iterable[Settled]) -> list[Agency]:
    """Return the agencies with those joined that were decided to be one.

    The joined agency has the id of the one whose place is known best and that reports last.
    """
    group = _groups(held)
    members: dict[str, list[Agency]] = {}
    for agency in agencies:
        members.setdefault(_root(group, agency.id), []).append(agency)
    joined = (_joined(several) if len(several) > 1 else several[0] for several in members.values())
    return sorted(joined, key=lambda agency: agency.id)


def kept_apart(agencies: Iterable[Agency], held: Iterable[Settled]) -> set[frozenset[str]]:
    """Return the pairs of ids of joined ``agencies`` that were decided to be different."""
    ids = {m.report_id: agency.id for agency in agencies for m in agency.mentions}
    return {
        frozenset(ids[side.mentions[0].report_id] for side in one.pair)
        for one in held
        if one.outcome == "kept apart" and one.pair
    }


def _joined(several: Sequence[Agency]) -> Agency:
    kept = max(several, key=lambda a: (a.is_settled, a.place is not None, max(a.years, default=0), a.id))
    others = [m for agency in several if agency is not kept for m in agency.mentions]
    mentions = sorted((*kept.mentions, *others), key=lambda m: (m.year or 0, m.report_id))
    return replace(kept, mentions=tuple(mentions), decided=frozenset(m.report_id for m in others))


def _groups(held: Iterable[Settled]) -> dict[str, str]:
    """For each joined agency's id another of its group, up to the group's root."""
    group: dict[str, str] = {}
    for one in held:
        if one.outcome == "joined" and one.pair:
            first, second = (_root(group, agency.id) for agency in one.pair)
            if first != second:
                group[second] = first
    return group


def _root(group: Mapping[str, str], agency_id: str) -> str:
    while agency_id in group:
        agency_id = group[agency_id]
    return agency_id


def decisions_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return the file of decisions, the columns of the view ``pairs_to_decide`` under Chinese heads."""
    words = {meaning: word for word, meaning in reversed(panel_knowledge()["decisions"]["words"].items())}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(_heads()), lineterminator="\r\n")
    writer.writerow(_heads())
    writer.writerows(row | {"decision": words.get(str(row["decision"]), "")} for row in map(dict, rows))
    return "\ufeff".encode() + text.getvalue().encode()


def _heads() -> dict[str, str]:
    return panel_knowledge()["decisions"]["columns"]


def _column(head: str) -> str:
    """The English name of a column of the file."""
    return {zh: name for name, zh in _heads().items()}.get(head.strip(), head.strip())
