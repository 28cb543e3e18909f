"""Cells, facts and statements into one record: reconciled, conflicts listed, nothing dropped."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..annotations.kinds import Hedge, Number, Period, Role, Scope
from ..annotations.links import nearest_mention
from ..annotations.scheme import scheme
from .consistency import told_checks
from .document import Document
from .masthead import Masthead
from .narrative.channel_words import ChannelWords
from .narrative.facts import Fact
from .narrative.statements import Improvement, Problem
from .record import SCHEMA_VERSION, Record
from .sections import Section
from .tables.cells import Cell
from .tables.checks import Check

_BLANKS = re.compile(r"\s+")
_LONGEST_SENTENCE = 1200
_EVIDENCE = 150
"""Characters kept on each side of a fact where its sentence is longer than any sentence is: a broken text."""
_CONFLICT_KINDS = {
    "told": "narrative_and_table",
    "parts": "total_and_parts",
    "share": "share_and_figures",
    "growth": "share_and_figures",
}

# The flat view prefers, in this order, what is the body's own before what is wider, a total before a part, the
# year before other periods, and a figure for the whole before one for a named subject. Shares, changes and earlier
# years' figures are no figures of the year and stay out.
_SCOPES = ("own", "unclear", "wider", "unit")
_ROLES = ("total", "part")
_PERIODS = ("year", "snapshot", "cumulative", "average", "quarter", "other")


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the rooms below found in one document; each part is empty where its component failed."""

    masthead: Masthead | None
    edition: str
    sections: Sequence[Section] = ()
    cells: Sequence[Cell] = ()
    checks: Sequence[Check] = ()
    channels: Sequence[ChannelWords] = ()
    facts: Sequence[Fact] = ()
    problems: Sequence[Problem] = ()
    improvements: Sequence[Improvement] = ()
    errors: Sequence[tuple[str, str]] = ()  # component, message


def merge(document: Document, found: Findings) -> Record:
    """Return the record of ``document``. ``found.masthead`` decides whether it is a report at all."""
    checks = [*found.checks, *told_checks(found.facts, {cell.id: cell for cell in found.cells})]
    metrics = flat_metrics(found.facts)
    return Record.model_validate(
        {
            "schema_version": SCHEMA_VERSION,
            "status": _status(document, found),
            "errors": [
                *({"component": "reader", "message": gap.message, "page": gap.page} for gap in document.gaps),
                *({"component": component, "message": message} for component, message in found.errors),
            ],
            "report": _report(document, found),
            "sections": [
                {"label": s.label, "heading": s.heading, "start": s.start, "end": s.end}
                for s in found.sections
            ],
            "statistics": {cell.id: _statistic(document, cell) for cell in found.cells},
            "checks": [_fields(check) for check in checks],
            "channels": [_fields(c) | {"text": document.text[c.start : c.end]} for c in found.channels],
            "facts": [_fact(document, fact, found.channels) for fact in found.facts],
            "problems": [_statement(document, item) for item in found.problems],
            "improvements": [_statement(document, item) for item in found.improvements],
            "metrics": metrics,
            "conflicts": [*_check_conflicts(checks), *_told_twice(found.facts, metrics)],
        }
    )


def _status(document: Document, found: Findings) -> str:
    if found.masthead and not found.masthead.is_report:
        return "not_a_report"
    return "partial" if found.errors or document.gaps else "ok"


def _report(document: Document, found: Findings) -> dict[str, Any]:
    info: dict[str, Any] = {
        "source": document.source,
        "sha256": document.sha256,
        "reader": document.reader,
        "edition": found.edition,
        "published": document.published,
        "pages": len(document.pages) or None,
    }
    head = found.masthead
    if head:
        info |= {
            "title": head.title,
            "agency": head.agency,
            "year": head.year,
            "region": {"province": head.province, "city": head.city, "county": head.county},
            "period_start": head.period_start,
            "period_end": head.period_end,
        }
    return info


def _statistic(document: Document, cell: Cell) -> dict[str, Any]:
    return {
        "value": cell.value,
        "printed": cell.printed,
        "status": cell.status,
        "start": cell.start,
        "end": cell.end,
        "repair": cell.repair,
        "places": _places(document, cell.start, cell.end),
    }


def _fact(document: Document, fact: Fact, channels: Sequence[ChannelWords]) -> dict[str, Any]:
    text, fields = document.text, _fields(fact)
    start, end = fields.pop("sentence_start"), fields.pop("sentence_end")
    if end - start > _LONGEST_SENTENCE:
        start, end = max(start, fact.start - _EVIDENCE), min(end, fact.end + _EVIDENCE)
    return fields | {
        "mention": nearest_mention(fact.start, fact.end, fact.channel, channels),
        "text": text[fact.start : fact.end],
        "sentence": _one_line(text[start:end]),
        "places": _places(document, fact.start, fact.end),
    }


def _statement(document: Document, item: Problem | Improvement) -> dict[str, Any]:
    printed = document.text[item.start : item.end]
    return _fields(item) | {
        "text": printed,
        "sentence": _one_line(printed),
        "places": _places(document, item.start, item.end),
    }


def _places(document: Document, start: int | None, end: int | None) -> list[dict[str, Any]]:
    """Where a span is printed, to a hundredth of a point."""
    if document.print is None or start is None or end is None:
        return []
    return [
        {name: round(edge, 2) for name, edge in box._asdict().items()} for box in document.boxes(start, end)
    ]


def _fields(item: Check | ChannelWords | Fact | Problem | Improvement) -> dict[str, Any]:
    """The fields of a flat dataclass with slots; `dataclasses.asdict` copies deeply and takes ten times as long."""
    return {name: getattr(item, name) for name in item.__slots__}


def _one_line(text: str) -> str:
    """A sentence as people read it: without the line breaks and indents of the page, single spaces kept."""
    return _BLANKS.sub(lambda blank: blank.group() if blank.group() == " " else "", text).strip()


class Told(Protocol):
    """What the flat view looks at in a fact."""

    @property
    def metric(self) -> str: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def value(self) -> Number: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def hedge(self) -> Hedge: ...
    @property
    def role(self) -> Role: ...
    @property
    def period(self) -> Period: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def confidence(self) -> float | None: ...


def flat_metrics(facts: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """Return one number per metric and channel; the key is the metric, or metric and channel joined by a dot.

    Each is a `FlatMetric`'s fields; ``fact`` and ``rivals`` are indices into ``facts``.
    """
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for index, fact in enumerate(facts):
        if fact.role in _roles_of(fact.metric) and fact.metric != "other":
            by_key[_key(fact)].append(index)
    return {key: _flat_metric(facts, indices) for key, indices in sorted(by_key.items())}


def _roles_of(metric: str) -> tuple[str, ...]:
    """A rate is itself a share."""
    return (*_ROLES, "share") if scheme().metrics[metric].unit == "%" else _ROLES


def _key(fact: Told) -> str:
    return f"{fact.metric}.{fact.channel}" if fact.channel else fact.metric


def _rank(fact: Told) -> tuple[int, int, int, bool]:
    return (
        _SCOPES.index(fact.scope),
        _roles_of(fact.metric).index(fact.role),
        _PERIODS.index(fact.period),
        fact.subject is not None,
    )


def _flat_metric(facts: Sequence[Told], indices: Sequence[int]) -> dict[str, Any]:
    best = min(indices, key=lambda index: (_rank(facts[index]), index))
    fact = facts[best]
    return {
        "metric": fact.metric,
        "channel": fact.channel,
        "value": fact.value,
        "unit": fact.unit,
        "hedge": fact.hedge,
        "period": fact.period,
        "scope": fact.scope,
        "confidence": fact.confidence,
        "fact": best,
        "rivals": [i for i in indices if _rank(facts[i]) == _rank(fact) and facts[i].value != fact.value],
    }


def _check_conflicts(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Failed checks in which the narrative has a part."""
    return [
        {
            "kind": _CONFLICT_KINDS[check.id.split(".", 1)[0]],
            "message": check.statement,
            "left": check.left,
            "right": check.right,
            "facts": list(check.facts),
            "cells": list(check.cells),
        }
        for check in checks
        if check.outcome == "fail" and check.facts
    ]


def _told_twice(facts: Sequence[Fact], metrics: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The same figure for the whole, told twice with exact but different numbers."""
    conflicts: list[dict[str, Any]] = []
    for key, flat in metrics.items():
        chosen: int = flat["fact"]
        rivals: list[int] = flat["rivals"]
        first = facts[chosen]
        for index in rivals:
            other = facts[index]
            if first.subject is None and first.role == "total" and first.hedge == other.hedge == "exact":
                conflicts.append(
                    {
                        "kind": "narrative_twice",
                        "message": f"{key} is told as {first.value} and as {other.value}",
                        "left": first.value,
                        "right": other.value,
                        "facts": [chosen, index],
                        "cells": [],
                    }
                )
    return conflicts
